using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client;

/// <summary>Repeats what failed temporarily, with growing delays.</summary>
internal sealed class Retries(A2AClientOptions options)
{
    /// <summary>The longest delay, unless the agent asks for a longer one.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The longest <c>Retry-After</c> that is waited for. The caller of a method decides about a longer one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The first delay.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);

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
            catch (A2AClientException exception) when (MayRepeat(exception, attempt) && mayRepeat(exception))
            {
                await DelayAsync(attempt, exception.RetryAfter, cancellationToken);
            }
        }
    }

    /// <summary>Whether a failure is temporary, and another attempt is due within a time that a caller waits.</summary>
    public bool MayRepeat(A2AClientException exception, int attempt) =>
        exception.IsTransient && attempt < options.MaxAttempts && !(exception.RetryAfter > Patience);

    /// <summary>
    /// Whether a message may be sent again. Not after the client's own limit: an agent that is slow would do the work several times at
    /// once.
    /// </summary>
    public bool MayResend(A2AClientException exception) =>
        WasNotReceived(exception) || (options.ResendMessages && !exception.IsOwnLimit);

    /// <summary>
    /// Whether the agent cannot have received the request: the connection was refused, or a limit was. A proxy answers 503 also where the
    /// agent took the request and died.
    /// </summary>
    private static bool WasNotReceived(A2AClientException exception) =>
        exception.Error == A2AError.ResourceExhausted ||
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
