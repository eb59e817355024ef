using System.Text.Json;

namespace ServerlessA2A.Protocol.Cards;

/// <summary>A protocol extension that the agent supports.</summary>
/// <remarks>A2A 1.0, section 4.4.4.</remarks>
public sealed record AgentExtension
{
    /// <summary>The extension's URI.</summary>
    public string? Uri { get; init; }

    /// <summary>How the agent uses it.</summary>
    public string? Description { get; init; }

    /// <summary>Whether a client must name the extension; other clients are rejected.</summary>
    public bool Required { get; init; }

    /// <summary>The extension's parameters: a JSON object.</summary>
    public JsonElement? Params { get; init; }
}
