using System.Text.Json;

namespace ServerlessA2A.Protocol.Tasks;

/// <summary>Asks for a task to be canceled.</summary>
/// <remarks>A2A 1.0, section 3.1.5.</remarks>
internal sealed record CancelTaskRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; unset for the default one.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string Id { get; init; }

    /// <summary>Free additions: a JSON object, returned as it came.</summary>
    public JsonElement? Metadata { get; init; }
}
