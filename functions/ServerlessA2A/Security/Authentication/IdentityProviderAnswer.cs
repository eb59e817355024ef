using System.Net;

namespace ServerlessA2A.Security.Authentication;

/// <summary>What a provider has answered.</summary>
/// <param name="Address">Where; without a query.</param>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
internal sealed record IdentityProviderAnswer(string Address, HttpStatusCode Status, byte[] Body)
{
    /// <summary>The JSON object of an answer with this status.</summary>
    /// <exception cref="IdentityProviderException">It has another status, or is none.</exception>
    public JsonMembers Json(HttpStatusCode expected) =>
        Status != expected ? throw new IdentityProviderException($"{Address} answers with the status {(int)Status}.")
        : JsonMembers.Parse(Body) ?? throw new IdentityProviderException($"{Address} answers with something else than a JSON object.");
}
