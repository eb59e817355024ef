using System.Diagnostics;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud;

/// <summary>
/// Calls a Google service within a time limit, with retries of transient failures. A caller must make sure that a call may take effect
/// twice.
/// </summary>
/// <param name="service">The service's name, for messages.</param>
/// <param name="limit">The time limit of a call, including its retries.</param>
internal sealed class GoogleCalls(string service, TimeSpan limit)
{
    private const int Tries = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(40);

    /// <summary>Makes a call. Returns its value, or the service's last failure.</summary>
    /// <param name="what">The action, for messages.</param>
    /// <param name="call">Makes the call; called anew for each try.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="span">The call's span, which gets its failure; null for none.</param>
    /// <exception cref="TaskStoreException">The time limit has passed; the call may have taken effect.</exception>
    public async Task<(T? Value, RpcException? Failure)> TryAsync<T>(
        string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, Activity? span = null)
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
                {
                    GoogleCloudTelemetry.Failed(span, failure.StatusCode);
                    return (default, failure);
                }
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or RpcException)
            {
                GoogleCloudTelemetry.Failed(
                    span, cancellationToken.IsCancellationRequested ? StatusCode.Cancelled : StatusCode.DeadlineExceeded);
                cancellationToken.ThrowIfCancellationRequested();
                throw new TaskStoreException($"{service} did not {what} within {limit.TotalSeconds:0.###} s.", isTransient: true, stopped);
            }

            // Real time, not the injected clock: a network recovers in real time.
            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), limited.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The exception for a failure, with the remedy if there is one.</summary>
    /// <param name="what">The failed action.</param>
    /// <param name="role">The role that the function's service account needs for it.</param>
    /// <param name="failure">The service's response.</param>
    public TaskStoreException ToException(string what, string role, RpcException failure) => new(
        failure.StatusCode switch
        {
            StatusCode.Unauthenticated when failure.Status.Detail.Contains(DefaultCredential.Remedy, StringComparison.Ordinal) =>
                $"{service} could not {what}: {failure.Status.Detail}",
            StatusCode.Unauthenticated =>
                $"{service} could not {what}: it rejected the credentials. {DefaultCredential.Remedy} {failure.Status.Detail}",
            StatusCode.PermissionDenied =>
                $"{service} denied permission to {what}: the function's service account needs the role {role}. {failure.Status.Detail}",
            StatusCode.ResourceExhausted => $"{service} could not {what}: its quota is used up. {failure.Status.Detail}",
            _ => $"{service} could not {what}: {failure.StatusCode}: {failure.Status.Detail}",
        },
        // Missing credentials may exist at the next request; retrying at once is useless.
        IsTransient(failure.StatusCode) || failure.StatusCode == StatusCode.Unauthenticated,
        failure);

    /// <summary>Cancelled is transient too: a server or proxy that shuts down sends it.</summary>
    private static bool IsTransient(StatusCode code) => code is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Aborted
        or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled or StatusCode.ResourceExhausted;
}
