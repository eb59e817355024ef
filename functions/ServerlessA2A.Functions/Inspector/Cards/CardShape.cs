using System.Text.Json;

namespace ServerlessA2A.Functions.Inspector.Cards;

/// <summary>Checks the members of a card against one version: whether the required ones are there, and all have their types.</summary>
internal sealed class CardShape(string version)
{
    private readonly List<CardFinding> _findings = [];

    /// <summary>Checks a card.</summary>
    /// <param name="version">The version: 1.0 or 0.3.</param>
    /// <param name="card">The card.</param>
    /// <param name="others">Members of the card that belong to the other version: they are no mistake.</param>
    public static IReadOnlyList<CardFinding> Check(string version, JsonElement card, CardMember[] others)
    {
        var shape = new CardShape(version);
        shape.Check("", card, version == "1.0" ? CardMembers.V1_0 : CardMembers.V0_3, others);
        return shape._findings;
    }

    private void Check(string path, JsonElement value, CardMember[] members, CardMember[] others)
    {
        foreach (var member in members)
            Check(Join(path, member.Name), value, member, others);
        foreach (var field in value.EnumerateObject())
        {
            if (!members.Concat(others).Any(member => member.Name == field.Name))
                Add(Severity.Note, Join(path, field.Name), "is not in the specification; strict readers reject the card.");
        }
    }

    private void Check(string path, JsonElement parent, CardMember member, CardMember[] others)
    {
        if (!parent.TryGetProperty(member.Name, out var value))
        {
            if (member.IsRequired)
                Add(Severity.Error, path, $"is missing; it must be {member.Expected}.");
        }
        else if (value.ValueKind == JsonValueKind.Null)
        {
            Add(member.IsRequired ? Severity.Error : Severity.Warning, path, "is null; strict readers reject null. Leave the member out.");
        }
        else if (!member.Fits(value))
        {
            Add(Severity.Error, path, $"must be {member.Expected}.");
        }
        else if (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0)
        {
            Add(member.IsRequired ? Severity.Error : Severity.Warning, path, "is empty.");
        }
        else if (member.Members.Length > 0)
        {
            var inner = others.FirstOrDefault(other => other.Name == member.Name)?.Members ?? [];
            if (member.Type == CardType.Object)
                Check(path, value, member.Members, inner);
            else
                foreach (var (i, item) in value.EnumerateArray().Index())
                    Check($"{path}[{i}]", item, member.Members, inner);
        }
    }

    private void Add(Severity severity, string path, string text) => _findings.Add(new(severity, version, path, text));

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
