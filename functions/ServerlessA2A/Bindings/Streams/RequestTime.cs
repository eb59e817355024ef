using ServerlessA2A.Tasks;

namespace ServerlessA2A.Bindings.Streams;

/// <summary>How long requests may wait.</summary>
/// <param name="limit">How long a blocking send waits and a stream stays open.</param>
/// <param name="clock">The clock.</param>
/// <param name="stopping">
/// Cancelled when the host stops: waiting requests are answered then, so that they do not delay its shutdown.
/// </param>
internal sealed class RequestTime(TimeSpan limit, TimeProvider clock, CancellationToken stopping)
{
    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>A source that cancels when the request's time is over or the host stops.</summary>
    public CancellationTokenSource Start() => new TimeLimit(limit, clock, stopping);

    /// <summary>The call with the limit that has just started.</summary>
    public CallContext Limit(CallContext call, CancellationTokenSource timeLimit) =>
        call with { TimeUp = timeLimit.Token, TimeUpAt = clock.GetUtcNow() + limit };

    /// <summary>A linked source would not take the clock.</summary>
    private sealed class TimeLimit : CancellationTokenSource
    {
        private readonly CancellationTokenRegistration _registration;

        public TimeLimit(TimeSpan limit, TimeProvider time, CancellationToken stopping)
            : base(limit, time) =>
            _registration = stopping.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), this);

        protected override void Dispose(bool disposing)
        {
            _registration.Dispose();
            base.Dispose(disposing);
        }
    }
}
