using System.Net;

namespace ServerlessA2A.Security.Authentication;

/// <summary>The response of an identity provider.</summary>
/// <param name="Address">The address that was called, without its query.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
internal sealed record IdentityProviderAnswer(string Address, HttpStatusCode Status, byte[] Body)
{
    /// <summary>Reads the JSON object of a response with the expected status.</summary>
    /// <exception cref="IdentityProviderException">The status is another one, or the body is not a JSON object.</exception>
    public JsonMembers Json(HttpStatusCode expected) =>
        Status != expected ? throw new IdentityProviderException($"{Address} returned the status {(int)Status}.")
        : JsonMembers.Parse(Body) ?? throw new IdentityProviderException($"{Address} returned something other than a JSON object.");
}
