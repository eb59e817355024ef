using Google.Cloud.Firestore;
using Grpc.Core;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// Reads and commits, with retries. A commit whose response was lost may have taken effect; the store builds each commit so that it can
/// tell.
/// </summary>
/// <param name="limit">The time limit of a call, including its retries.</param>
/// <param name="time">Tells which calls were slow.</param>
internal sealed class FirestoreCalls(TimeSpan limit, TimeProvider time)
{
    private readonly GoogleCalls _calls = new("Firestore", limit, time);

    /// <inheritdoc cref="GoogleCalls.Bound"/>
    internal int Bound => _calls.Bound;

    /// <param name="operation">What it is for Firestore: get, query or count.</param>
    /// <param name="what">What it is for the store, for messages.</param>
    /// <param name="read">Reads; called anew for each try.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="isLong">Whether it may take more than a second although the database is healthy. Default: no.</param>
    /// <exception cref="TaskStoreException">The read failed, permanently or transiently.</exception>
    public async Task<T> ReadAsync<T>(
        string operation, string what, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken, bool isLong = false)
    {
        using var span = GoogleCloudTelemetry.StartFirestore(operation, what);
        var (value, failure) = await _calls.TryAsync(what, read, cancellationToken, span, isLong);
        return failure is null ? value! : throw ToException(what, failure);
    }

    /// <param name="what">The content of the commit, for messages.</param>
    /// <param name="batch">Creates the batch, for each attempt.</param>
    /// <param name="cancellationToken">Cancels the wait; the commit may have taken effect.</param>
    /// <exception cref="TaskStoreException">The commit failed; if the failure is transient, it may have taken effect.</exception>
    public async Task<CommitOutcome> CommitAsync(string what, Func<WriteBatch> batch, CancellationToken cancellationToken) =>
        (await CommitAtAsync(what, batch, cancellationToken)).Outcome;

    /// <inheritdoc cref="CommitAsync"/>
    /// <returns>The outcome and, if it was committed, the update time of its last document.</returns>
    public async Task<(CommitOutcome Outcome, Timestamp? At)> CommitAtAsync(
        string what, Func<WriteBatch> batch, CancellationToken cancellationToken)
    {
        using var span = GoogleCloudTelemetry.StartFirestore("commit", what);
        var (writes, failure) = await _calls.TryAsync(what, tried => batch().CommitAsync(tried), cancellationToken, span);
        if (writes is not null)
            GoogleCloudTelemetry.Written(writes.Count);
        return failure?.StatusCode switch
        {
            null => (CommitOutcome.Committed, writes![^1].UpdateTime),
            StatusCode.AlreadyExists => (CommitOutcome.AlreadyExists, null),
            StatusCode.FailedPrecondition => (CommitOutcome.Changed, null),
            StatusCode.NotFound => (CommitOutcome.NotFound, null),
            _ => throw ToException(what, failure),
        };
    }

    /// <summary>The exception for a failure.</summary>
    public TaskStoreException ToException(string what, RpcException failure) => _calls.ToException(what, "roles/datastore.user", failure);
}
