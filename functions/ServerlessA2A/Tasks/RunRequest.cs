namespace ServerlessA2A.Tasks;

/// <summary>Asks for a run of a task: what stands in the queue's messages.</summary>
/// <param name="TaskId">The task.</param>
public sealed record RunRequest(string TaskId);
