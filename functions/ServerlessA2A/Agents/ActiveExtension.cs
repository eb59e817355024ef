using System.Text.Json;

namespace ServerlessA2A.Agents;

/// <summary>
/// An extension of the protocol that the agent's card declares and the client has activated (A2A 1.0, sections 3.2.6 and 4.4.4).
/// </summary>
/// <param name="Uri">The extension's URI.</param>
public sealed record ActiveExtension(string Uri)
{
    /// <summary>The parameters that the card declared when the message was sent: a JSON object. Null if there are none.</summary>
    public JsonElement? Params { get; init; }
}
