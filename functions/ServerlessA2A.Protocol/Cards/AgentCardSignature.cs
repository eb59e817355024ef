using System.Text.Json;

namespace ServerlessA2A.Protocol.Cards;

/// <summary>A JSON Web Signature (RFC 7515) over the card.</summary>
/// <remarks>A2A 1.0, section 4.4.7.</remarks>
public sealed record AgentCardSignature
{
    /// <summary>The protected header: a JSON object, base64url-encoded.</summary>
    public required string Protected { get; init; }

    /// <summary>The signature, base64url-encoded.</summary>
    public required string Signature { get; init; }

    /// <summary>The unprotected header.</summary>
    public JsonElement? Header { get; init; }
}
