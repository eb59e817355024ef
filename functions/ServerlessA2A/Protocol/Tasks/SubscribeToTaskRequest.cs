namespace ServerlessA2A.Protocol.Tasks;

/// <summary>Asks for the events of a task from now on.</summary>
/// <remarks>A2A 1.0, section 3.1.6.</remarks>
internal sealed record SubscribeToTaskRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; unset for the default one.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string Id { get; init; }
}
