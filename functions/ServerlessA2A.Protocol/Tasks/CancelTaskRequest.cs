using System.Text.Json;

namespace ServerlessA2A.Protocol.Tasks;

/// <summary>A request to cancel a task.</summary>
/// <remarks>A2A 1.0, section 3.1.5.</remarks>
internal sealed record CancelTaskRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; null for the default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string Id { get; init; }

    /// <summary>Free metadata: a JSON object, returned unchanged.</summary>
    public JsonElement? Metadata { get; init; }
}
