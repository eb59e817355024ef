using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client;

/// <summary>Repeats what failed temporarily, with growing delays.</summary>
internal sealed class Retries(A2AClientOptions options)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Makes a call, and again while it fails temporarily.</summary>
    /// <param name="call">The call.</param>
    /// <param name="mayRepeat">Whether the call may be made again after a failure.</param>
    /// <param name="cancellationToken">Cancels the call and the delays.</param>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<A2AClientException, bool> mayRepeat, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (A2AClientException exception) when (exception.IsTransient && attempt < options.MaxAttempts && mayRepeat(exception))
            {
                await DelayAsync(attempt, exception.RetryAfter, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Whether the agent cannot have received the request: the connection was refused, or the answer says that the request was not
    /// processed.
    /// </summary>
    public static bool WasNotReceived(A2AClientException exception) =>
        exception.Error == A2AError.ResourceExhausted || exception.HttpStatus == 503 ||
        exception.InnerException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or
                HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        };

    /// <summary>Waits before another attempt: twice as long each time, half of it by chance, and no less than the agent asks for.</summary>
    public Task DelayAsync(int attempt, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        var delay = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 10)));
        var chosen = TimeSpan.FromSeconds(delay * (0.5 + (0.5 * options.Chance())));
        return Task.Delay(retryAfter > chosen ? retryAfter.Value : chosen, options.TimeProvider, cancellationToken);
    }
}
