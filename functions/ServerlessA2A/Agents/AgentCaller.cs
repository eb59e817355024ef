using System.Text.Json;

namespace ServerlessA2A.Agents;

/// <summary>The sender of a message to the agent.</summary>
public sealed record AgentCaller
{
    /// <summary>An anonymous caller of the default tenant.</summary>
    public static AgentCaller Anonymous { get; } = new() { Scheme = "none" };

    /// <summary>
    /// The caller's key. It is the same in each request and unique across schemes and issuers, and contains the scheme or issuer and
    /// <see cref="Name"/>. Empty for an anonymous caller. Key callers' data by it and <see cref="Tenant"/>.
    /// </summary>
    public string Id { get; init; } = "";

    /// <summary>
    /// The caller's name, the same in each request: the API key's name, the verified e-mail address or <c>sub</c> (iam), the claim that
    /// <c>A2A:Security:Oidc:CallerClaim</c> names (oidc), or <c>sub</c> (google-access-token). Empty for an anonymous caller. Callers of
    /// different schemes or issuers may have equal names: use it for display, and <see cref="Id"/> for data.
    /// </summary>
    public string Name { get; init; } = "";

    /// <summary>Whether the caller is anonymous, that is, not authenticated.</summary>
    public bool IsAnonymous => Name.Length == 0;

    /// <summary>The tenant of the request; empty for the default tenant.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>
    /// How the caller authenticated, as <c>A2A:Security:Identity</c> names it: none, iam, oidc, google-access-token, api-key or
    /// application. Null for a message stored by a version that did not record it.
    /// </summary>
    public string? Scheme { get; init; }

    /// <summary>
    /// The identity's claims, a JSON object: those of the ID token or access token (iam, oidc), Google's token info
    /// (google-access-token), or those of the application's user (application). Never the token itself. Null for API keys and anonymous
    /// callers. Of claims above 8 KiB only the standard ones are kept: sub, iss, aud, email, email_verified, hd, azp, client_id, scope,
    /// scp, roles, groups; null if these exceed 8 KiB too.
    /// </summary>
    public JsonElement? Claims { get; init; }

    /// <summary>Finds a claim by its name.</summary>
    /// <returns>
    /// The text of a string, or the JSON of a number, true or false. Null if there is no such claim, and for lists and objects, which
    /// <see cref="Claims"/> contains.
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
            // Half of a surrogate pair, which is not text.
            return null;
        }
    }

    /// <summary>The name and the scheme. The claims are left out, because they must not be logged.</summary>
    public override string ToString() => $"{Name} ({Scheme ?? "scheme not stored"})";
}
