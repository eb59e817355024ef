using System.Diagnostics;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud;

/// <summary>
/// Calls a Google service within a time limit, with retries of transient failures, and no more often at once than the service can bear. A
/// caller must make sure that a call may take effect twice.
/// </summary>
/// <param name="service">The service's name, for messages.</param>
/// <param name="limit">The time limit of a call, including its retries.</param>
/// <param name="time">Tells which calls were slow. Limits and delays are in real time: a network recovers in real time.</param>
internal sealed class GoogleCalls(string service, TimeSpan limit, TimeProvider time)
{
    private const int Tries = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(40);

    /// <summary>A call that takes longer, retries included, is slow: a healthy service takes some ten milliseconds.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience = limit * 3;
    private readonly CallLimit _calls = new();

    /// <summary>How many calls there may be at once now.</summary>
    internal int Bound => _calls.Bound;

    /// <summary>Makes a call, in its turn. Returns its value, or the service's last failure.</summary>
    /// <param name="what">The action, for messages.</param>
    /// <param name="call">Makes the call; called anew for each try. It must not make another one: that might wait for this one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="span">The call's span, which gets its failure; null for none.</param>
    /// <param name="isLong">Whether it may take more than a second although the service is healthy. Default: no.</param>
    /// <exception cref="TaskStoreException">
    /// The time limit has passed and the call may have taken effect, or its turn has not come within three times that limit.
    /// </exception>
    public async Task<(T? Value, RpcException? Failure)> TryAsync<T>(
        string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, Activity? span = null, bool isLong = false)
    {
        var round = _calls.TryBegin() ?? await BeginAsync(what, span, cancellationToken);
        var began = time.GetTimestamp();
        try
        {
            return await TryInTurnAsync(what, call, span, cancellationToken);
        }
        finally
        {
            _calls.End(round, isSlow: time.GetElapsedTime(began) >= (isLong ? limit : Slow));
        }
    }

    /// <summary>Waits for the turn of a call. A service that hangs must not let its callers wait without end.</summary>
    private async Task<int> BeginAsync(string what, Activity? span, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_patience);
        try
        {
            return await _calls.BeginAsync(limited.Token);
        }
        catch (OperationCanceledException stopped)
        {
            Stopped(span, cancellationToken);
            throw new TaskStoreException(
                $"{service} is too slow to {what}: other calls were in progress for {_patience.TotalSeconds:0.###} s.", isTransient: true,
                stopped);
        }
    }

    private async Task<(T? Value, RpcException? Failure)> TryInTurnAsync<T>(
        string what, Func<CancellationToken, Task<T>> call, Activity? span, CancellationToken cancellationToken)
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
                Stopped(span, cancellationToken);
                throw new TaskStoreException($"{service} did not {what} within {limit.TotalSeconds:0.###} s.", isTransient: true, stopped);
            }

            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), limited.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A call, or the wait for its turn, was stopped by the caller or by a time limit.</summary>
    private static void Stopped(Activity? span, CancellationToken cancellationToken)
    {
        GoogleCloudTelemetry.Failed(
            span, cancellationToken.IsCancellationRequested ? StatusCode.Cancelled : StatusCode.DeadlineExceeded);
        cancellationToken.ThrowIfCancellationRequested();
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
