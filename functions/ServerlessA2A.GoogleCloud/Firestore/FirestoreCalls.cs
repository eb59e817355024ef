using Google.Cloud.Firestore;
using Grpc.Core;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// Calls to Firestore within a limit of time. What may pass is tried again, reads and commits alike: a commit whose answer was lost may
/// have taken effect, and the store makes each of them so that it can tell.
/// </summary>
/// <param name="limit">For one call with all its tries.</param>
internal sealed class FirestoreCalls(TimeSpan limit)
{
    private const int Tries = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(40);

    /// <exception cref="TaskStoreException">It failed, for good or for now.</exception>
    public async Task<T> ReadAsync<T>(string what, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var (value, status) = await TryAsync(what, read, cancellationToken);
        return status is null ? value! : throw ToException(what, status);
    }

    /// <param name="what">What is committed, for messages.</param>
    /// <param name="batch">Makes the batch, anew for each try.</param>
    /// <param name="cancellationToken">Ends the wait; the commit may have taken effect.</param>
    /// <exception cref="TaskStoreException">It failed, for good or for now. It may have taken effect where it is transient.</exception>
    public async Task<CommitOutcome> CommitAsync(string what, Func<WriteBatch> batch, CancellationToken cancellationToken)
    {
        var (writes, status) = await TryAsync(what, tried => batch().CommitAsync(tried), cancellationToken);
        if (writes is not null)
            FirestoreMetrics.Written(writes.Count);
        return status?.StatusCode switch
        {
            null => CommitOutcome.Committed,
            StatusCode.AlreadyExists => CommitOutcome.AlreadyExists,
            StatusCode.FailedPrecondition => CommitOutcome.Changed,
            StatusCode.NotFound => CommitOutcome.NotFound,
            _ => throw ToException(what, status),
        };
    }

    public static TaskStoreException ToException(string what, RpcException failure) => new(
        failure.StatusCode switch
        {
            StatusCode.PermissionDenied or StatusCode.Unauthenticated =>
                $"Firestore refused to {what}: the function's service account needs the role roles/datastore.user. {failure.Status.Detail}",
            StatusCode.ResourceExhausted => $"Firestore's quota is used up, could not {what}: {failure.Status.Detail}",
            _ => $"Firestore could not {what}: {failure.StatusCode}: {failure.Status.Detail}",
        },
        IsTransient(failure.StatusCode),
        failure);

    /// <summary>Cancelled is one of them: not by us, but by a server that is going away, or by a proxy.</summary>
    private static bool IsTransient(StatusCode code) => code is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Aborted
        or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled or StatusCode.ResourceExhausted;

    private async Task<(T? Value, RpcException? Failure)> TryAsync<T>(
        string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(limit);
        for (var (tried, delay) = (1, FirstDelay); ; tried++, delay *= 3)
        {
            try
            {
                return (await call(limited.Token), null);
            }
            catch (RpcException failure) when (!limited.IsCancellationRequested)
            {
                if (tried == Tries || !IsTransient(failure.StatusCode))
                    return (default, failure);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or RpcException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new TaskStoreException($"Firestore did not {what} within {limit.TotalSeconds:0.###} s.", isTransient: true, stopped);
            }

            // Real time, not the protocol's: that of a network that recovers.
            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), limited.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
