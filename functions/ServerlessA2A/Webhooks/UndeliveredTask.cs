namespace ServerlessA2A.Webhooks;

/// <summary>A task whose webhooks may not have been told everything.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Since">Since when.</param>
/// <param name="Seq">The number of the event that they are to be told of at least.</param>
public sealed record UndeliveredTask(string TaskId, DateTimeOffset Since, long Seq);
