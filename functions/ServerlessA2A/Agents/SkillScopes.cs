using System.Text.Json;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Agents;

/// <summary>
/// The scopes that callers need for the agent's skills. A request may name its skill in its metadata; one that does not is accepted if the
/// caller may use any skill, and the agent finds in <see cref="AgentContext.AllowedSkills"/> which ones those are.
/// </summary>
/// <param name="skills">The skills' ids, in the order of the card, with the scopes that each requires.</param>
internal sealed class SkillScopes(IReadOnlyList<SkillScopes.Skill> skills)
{
    /// <summary>A skill. Not a tuple: code for sequences of those would be compiled at each start.</summary>
    internal sealed record Skill(string Id, IReadOnlyList<string> Scopes);

    /// <summary>The member of a request's metadata that names the skill, by its id.</summary>
    public const string Key = "serverlessa2a.skill";

    private readonly IReadOnlyList<string> _all = [.. skills.Select(skill => skill.Id)];

    /// <summary>Whether any skill requires a scope.</summary>
    public bool Restrict { get; } = skills.Any(skill => skill.Scopes.Count > 0);

    /// <summary>The scopes that a skill requires; empty for none.</summary>
    public IReadOnlyList<string> Of(string id) => skills.FirstOrDefault(skill => skill.Id == id)?.Scopes ?? [];

    /// <summary>The ids of the skills that a request may use.</summary>
    /// <param name="metadata">The request's metadata.</param>
    /// <param name="claims">The claims of the caller's token; null for none.</param>
    public IReadOnlyList<string> Allowed(JsonElement? metadata, JsonElement? claims)
    {
        var named = TryRead(metadata, out var skill) ? skill : null;
        if (!Restrict && named is null)
            return _all;
        var granted = Restrict ? ScopesIn(claims) : [];
        return [.. skills.Where(each => (named is null || each.Id == named) && Grant(granted, each.Scopes)).Select(each => each.Id)];
    }

    /// <summary>Rejects a request for a skill that does not exist or that the caller may not use.</summary>
    /// <exception cref="A2AException">InvalidParams; PermissionDenied, which names the missing scopes.</exception>
    public void Check(JsonElement? metadata, JsonElement? claims)
    {
        if (!TryRead(metadata, out var named))
            throw A2AException.InvalidParams($"metadata.{Key}", "must be the id of a skill");
        if (named is not null && skills.All(skill => skill.Id != named))
        {
            throw A2AException.InvalidParams(
                $"metadata.{Key}", $"must be the id of a skill of this agent: {string.Join(", ", _all)}");
        }

        if (!Restrict || Allowed(metadata, claims).Count > 0)
            return;
        var granted = ScopesIn(claims);
        var reason = named is not null
            ? $"The skill {named} requires the scopes {string.Join(' ', Of(named).Except(granted))}, which the token does not have."
            : "Every skill of this agent requires scopes that the token does not have; the card names them.";
        throw new A2AException(A2AError.PermissionDenied, reason);
    }

    private static bool Grant(HashSet<string> granted, IReadOnlyList<string> required) => required.All(granted.Contains);

    /// <summary>Authorization servers write scopes as one text (RFC 8693, section 4.2) or as a list.</summary>
    private static HashSet<string> ScopesIn(JsonElement? claims)
    {
        HashSet<string> scopes = new(StringComparer.Ordinal);
        if (claims is not { ValueKind: JsonValueKind.Object } members)
            return scopes;
        foreach (var name in (string[])["scope", "scp"])
        {
            if (!members.TryGetProperty(name, out var claim))
                continue;
            IEnumerable<JsonElement> texts = claim.ValueKind == JsonValueKind.Array ? claim.EnumerateArray() : [claim];
            foreach (var text in texts.Select(TextOf).OfType<string>())
                scopes.UnionWith(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return scopes;
    }

    /// <summary>Reads the skill that the metadata names; false where that is not a text.</summary>
    private static bool TryRead(JsonElement? metadata, out string? skill)
    {
        skill = null;
        if (metadata is not { ValueKind: JsonValueKind.Object } members || !members.TryGetProperty(Key, out var member) ||
            member.ValueKind == JsonValueKind.Null)
            return true;
        skill = TextOf(member);
        return skill is not null;
    }

    /// <summary>The text of a string; null for any other value, and for half of a surrogate pair, which is not text.</summary>
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
