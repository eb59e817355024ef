using System.Text.Json;

namespace ServerlessA2A.Agents;

/// <summary>Who sent a message to the agent.</summary>
public sealed record AgentCaller
{
    /// <summary>An anonymous caller of the default tenant.</summary>
    public static AgentCaller Anonymous { get; } = new() { Scheme = "none" };

    /// <summary>
    /// The caller's key, the same in each request and unique across schemes and issuers; it contains both with <see cref="Name"/>. Empty for an
    /// anonymous caller. Key the data of callers by it and <see cref="Tenant"/>.
    /// </summary>
    public string Id { get; init; } = "";

    /// <summary>
    /// The caller's name, the same in each request: the API key's name, the verified e-mail address or <c>sub</c> (iam), the claim that
    /// <c>A2A:Security:Oidc:CallerClaim</c> names (oidc), or <c>sub</c> (google-access-token). Empty for an anonymous caller. Names of
    /// different schemes or issuers may be equal: it is for people to read, <see cref="Id"/> for data.
    /// </summary>
    public string Name { get; init; } = "";

    /// <summary>Whether the caller is anonymous: nobody has authenticated it.</summary>
    public bool IsAnonymous => Name.Length == 0;

    /// <summary>The tenant that the request named; empty for the default one.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>
    /// How the caller authenticated, as <c>A2A:Security:Identity</c> names it: none, iam, oidc, google-access-token or api-key. Null for a
    /// message that was stored by a version which did not store it.
    /// </summary>
    public string? Scheme { get; init; }

    /// <summary>
    /// What the identity claims, a JSON object: the claims of the ID token or access token (iam, oidc), or what Google says of the token
    /// (google-access-token). Never the token itself. Null for API keys and anonymous callers. Larger than 8 KiB, only the standard claims
    /// are kept: sub, iss, aud, email, email_verified, hd, azp, client_id, scope, scp, roles, groups; null where those are larger too.
    /// </summary>
    public JsonElement? Claims { get; init; }

    /// <summary>Finds a claim by its name.</summary>
    /// <returns>
    /// The text of a string, or the JSON of a number, true or false; null where there is no such claim, and for lists and objects, which are
    /// in <see cref="Claims"/>.
    /// </returns>
    public string? FindClaim(string name)
    {
        if (Claims is not { ValueKind: JsonValueKind.Object } claims || !claims.TryGetProperty(name, out var claim))
            return null;
        try
        {
            return claim.ValueKind switch
            {
                JsonValueKind.String => claim.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => claim.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: no text.
            return null;
        }
    }

    /// <summary>The name and the scheme, without the claims, which are not for logs.</summary>
    public override string ToString() => $"{Name} ({Scheme ?? "scheme not stored"})";
}
