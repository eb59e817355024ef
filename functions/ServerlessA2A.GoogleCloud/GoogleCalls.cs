using Grpc.Core;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud;

/// <summary>
/// Calls to a service of Google within a limit of time. What may pass is tried again: whoever calls makes sure that a call does no harm
/// that takes effect twice.
/// </summary>
/// <param name="service">The service's name, for messages.</param>
/// <param name="limit">For one call with all its tries.</param>
internal sealed class GoogleCalls(string service, TimeSpan limit)
{
    private const int Tries = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(40);

    /// <summary>Calls, and answers the value, or what the service has said in the end.</summary>
    /// <exception cref="TaskStoreException">The limit has passed; the call may have taken effect.</exception>
    public async Task<(T? Value, RpcException? Failure)> TryAsync<T>(
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
                throw new TaskStoreException($"{service} did not {what} within {limit.TotalSeconds:0.###} s.", isTransient: true, stopped);
            }

            // Real time, not the protocol's: that of a network that recovers.
            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), limited.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What is told of a failure: what can be done about it, where something can.</summary>
    /// <param name="what">What could not be done.</param>
    /// <param name="role">The role that the function's service account needs for it.</param>
    /// <param name="failure">What the service has said.</param>
    public TaskStoreException ToException(string what, string role, RpcException failure) => new(
        failure.StatusCode switch
        {
            StatusCode.Unauthenticated when failure.Status.Detail.Contains(DefaultCredential.Remedy, StringComparison.Ordinal) =>
                $"{service} could not {what}: {failure.Status.Detail}",
            StatusCode.Unauthenticated => $"{service} could not {what}: it rejected the credentials. {DefaultCredential.Remedy} {failure.Status.Detail}",
            StatusCode.PermissionDenied =>
                $"{service} refused to {what}: the function's service account needs the role {role}. {failure.Status.Detail}",
            StatusCode.ResourceExhausted => $"{service}'s quota is used up, could not {what}: {failure.Status.Detail}",
            _ => $"{service} could not {what}: {failure.StatusCode}: {failure.Status.Detail}",
        },
        // Credentials that are missing may be there at the next request; to try again at once is of no use.
        IsTransient(failure.StatusCode) || failure.StatusCode == StatusCode.Unauthenticated,
        failure);

    /// <summary>Cancelled is one of them: not by us, but by a server that is going away, or by a proxy.</summary>
    private static bool IsTransient(StatusCode code) => code is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Aborted
        or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled or StatusCode.ResourceExhausted;
}
