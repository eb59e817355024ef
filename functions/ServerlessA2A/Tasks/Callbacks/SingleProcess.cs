namespace ServerlessA2A.Tasks.Callbacks;

/// <summary>
/// Registered where this process creates callbacks and receives them too, because tasks are in memory or this is the local host: without
/// encryption keys it signs with a random key of its own.
/// </summary>
/// <param name="Address">Finds the address of this process, for callbacks without a configured address; null if it is not known.</param>
internal sealed record SingleProcess(Func<string?> Address);
