using System.Text.Json;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>A message to the agent.</summary>
/// <remarks>A2A 1.0, section 3.2.1.</remarks>
public sealed record SendMessageRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; null for the default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The message.</summary>
    public required Message Message { get; init; }

    /// <summary>How to answer the message.</summary>
    public SendMessageConfiguration? Configuration { get; init; }

    /// <summary>Free metadata: a JSON object, returned unchanged.</summary>
    public JsonElement? Metadata { get; init; }
}
