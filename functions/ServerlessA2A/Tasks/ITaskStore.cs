using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>
/// Where tasks live. The log is append-only: an entry is created, never overwritten, and of two writers at the same place one gets
/// <see cref="AppendOutcome.Conflict"/>. Every implementation passes the same conformance suite.
/// </summary>
/// <remarks>
/// What is expired (<see cref="TaskSnapshot.ExpireAt"/>) is not found, whether or not it is still there. A store that cannot be reached
/// throws <see cref="TaskStoreException"/>; nothing is half done then, though a write may have taken effect.
/// </remarks>
public interface ITaskStore
{
    /// <summary>
    /// Makes a task: its first log entry, its snapshot, its webhooks and, where it has a content hash, the claim of (owner, message id)
    /// in one step, or nothing of it.
    /// </summary>
    /// <returns>Null when it was made; otherwise the claim that the same owner made with the same message id.</returns>
    ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken);

    /// <summary>The claim that an owner made with a message; null for none.</summary>
    ValueTask<Claim?> FindClaimAsync(string owner, string messageId, CancellationToken cancellationToken);

    /// <summary>Reads a task, folded to the end of its log; null when the owner has no such task.</summary>
    /// <param name="owner">Whose task it must be; null for a worker, who runs everybody's.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken);

    /// <summary>
    /// Appends an entry at its number, in one step with the snapshot and the webhook that come with it, or nothing of it. That the task is
    /// not there is found out where it is expired, as the writer knows it, and where a snapshot is to be rewritten.
    /// </summary>
    ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken);

    /// <summary>Renews a lease, without an entry. False when the run no longer holds it.</summary>
    ValueTask<bool> RenewLeaseAsync(string taskId, string runId, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for what a run has to know of its task: a message that was added meanwhile, or the loss of the lease, because the task was
    /// canceled or taken over.
    /// </summary>
    /// <returns>
    /// The task, folded at least to the newest added message, when it has more of them than <paramref name="knownMessages"/>; null when
    /// the run does not hold the lease (any more), and without an error when the wait is cancelled.
    /// </returns>
    /// <param name="taskId">The task.</param>
    /// <param name="runId">The run that holds its lease.</param>
    /// <param name="knownMessages">How many added messages the run knows of (<see cref="TaskSnapshot.AddedMessages"/>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<TaskSnapshot?> WaitForRunChangeAsync(string taskId, string runId, int knownMessages, CancellationToken cancellationToken);

    /// <summary>
    /// The task once it is in a terminal or interrupted state, folded to the end of its log; null when the wait is cancelled or the task
    /// does not exist (any more).
    /// </summary>
    Task<TaskSnapshot?> WaitUntilTerminalOrInterruptedAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>
    /// Unfinished tasks of all owners that nobody has worked on since <paramref name="before"/> (<see
    /// cref="TaskSnapshot.UnattendedSince"/>),
    /// longest first, at most so many.
    /// </summary>
    ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(DateTimeOffset before, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Counts a task as attended until then. Optimistic: returns true only to the caller whose listing is still current.
    /// </summary>
    ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// The entries that hold events after number <paramref name="after"/>: first those that are there, then each as it comes, in order and
    /// without gaps. Continues until cancelled, which ends it without an error, or until the task expires.
    /// </summary>
    IAsyncEnumerable<LogEntry> WatchAsync(string taskId, long after, CancellationToken cancellationToken);

    /// <summary>
    /// A page of an owner's tasks, newest status first (<see cref="TaskCursor"/>), and how many there are in all. It ends with the last
    /// task that fits into both of the page's bounds; who pages on gets each task once.
    /// </summary>
    ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// How many tasks of an owner, or of all with null, have not ended; no further than <paramref name="limit"/> is counted.
    /// </summary>
    ValueTask<int> CountUnfinishedAsync(string? owner, int limit, CancellationToken cancellationToken);
}
