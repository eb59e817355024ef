using System.Text.Json;

namespace ServerlessA2A.Protocol.Cards;

/// <summary>An extension of the protocol that the agent speaks.</summary>
/// <remarks>A2A 1.0, section 4.4.4.</remarks>
internal sealed record AgentExtension
{
    /// <summary>The extension's URI.</summary>
    public string? Uri { get; init; }

    /// <summary>How the agent uses it.</summary>
    public string? Description { get; init; }

    /// <summary>True where a client that does not name it is refused.</summary>
    public bool Required { get; init; }

    /// <summary>The extension's own settings: a JSON object.</summary>
    public JsonElement? Params { get; init; }
}
