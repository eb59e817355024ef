namespace ServerlessA2A.Protocol.Tasks;

/// <summary>A request for a task's events from now on.</summary>
/// <remarks>A2A 1.0, section 3.1.6.</remarks>
internal sealed record SubscribeToTaskRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; null for the default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string Id { get; init; }
}
