using Google.Cloud.Firestore;
using Grpc.Core;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// Reads and commits. Both are tried again: a commit whose answer was lost may have taken effect, and the store makes each of them so
/// that it can tell.
/// </summary>
/// <param name="limit">For one call with all its tries.</param>
internal sealed class FirestoreCalls(TimeSpan limit)
{
    private readonly GoogleCalls _calls = new("Firestore", limit);

    /// <exception cref="TaskStoreException">It failed, for good or for now.</exception>
    public async Task<T> ReadAsync<T>(string what, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var (value, failure) = await _calls.TryAsync(what, read, cancellationToken);
        return failure is null ? value! : throw ToException(what, failure);
    }

    /// <param name="what">What is committed, for messages.</param>
    /// <param name="batch">Makes the batch, anew for each try.</param>
    /// <param name="cancellationToken">Ends the wait; the commit may have taken effect.</param>
    /// <exception cref="TaskStoreException">It failed, for good or for now. It may have taken effect where it is transient.</exception>
    public async Task<CommitOutcome> CommitAsync(string what, Func<WriteBatch> batch, CancellationToken cancellationToken) =>
        (await CommitAtAsync(what, batch, cancellationToken)).Outcome;

    /// <inheritdoc cref="CommitAsync"/>
    /// <returns>The outcome and, where it was committed, when its last document was written.</returns>
    public async Task<(CommitOutcome Outcome, Timestamp? At)> CommitAtAsync(string what, Func<WriteBatch> batch, CancellationToken cancellationToken)
    {
        var (writes, failure) = await _calls.TryAsync(what, tried => batch().CommitAsync(tried), cancellationToken);
        if (writes is not null)
            FirestoreMetrics.Written(writes.Count);
        return failure?.StatusCode switch
        {
            null => (CommitOutcome.Committed, writes![^1].UpdateTime),
            StatusCode.AlreadyExists => (CommitOutcome.AlreadyExists, null),
            StatusCode.FailedPrecondition => (CommitOutcome.Changed, null),
            StatusCode.NotFound => (CommitOutcome.NotFound, null),
            _ => throw ToException(what, failure),
        };
    }

    /// <summary>What is told of a failure.</summary>
    public TaskStoreException ToException(string what, RpcException failure) => _calls.ToException(what, "roles/datastore.user", failure);
}
