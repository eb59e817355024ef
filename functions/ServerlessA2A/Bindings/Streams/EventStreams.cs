using Microsoft.AspNetCore.Http.Features;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Streams;

/// <summary>Answers with event streams, for both bindings and versions, and knows how long a request may wait.</summary>
/// <param name="options">The limits.</param>
/// <param name="admission">Counts the streams.</param>
/// <param name="time">The clock.</param>
/// <param name="failures">Answers errors.</param>
/// <param name="stopping">Cancelled when the host stops: requests that wait are answered then, and do not hold up its shutdown.</param>
internal sealed class EventStreams(
    BindingOptions options, Admission admission, TimeProvider time, FailureAnswers failures, CancellationToken stopping)
{
    /// <summary>A source that cancels when the request's time is up or the host stops. Made for requests that wait only.</summary>
    public CancellationTokenSource StartTimeLimit() => new TimeLimit(options.RequestTimeLimit, time, stopping);

    /// <summary>The call with the time limit that begins now.</summary>
    public CallContext Limit(CallContext call, CancellationTokenSource timeLimit) =>
        call with { TimeUp = timeLimit.Token, TimeUpAt = time.GetUtcNow() + options.RequestTimeLimit };

    /// <summary>Counts a request that waits as long as a stream does, until what is answered is disposed of.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public IDisposable Open(Exchange exchange) => admission.OpenStream(exchange.Caller);

    /// <summary>
    /// Writes the items as they come. Before anything is sent, the first one is awaited for a keep-alive interval: an error that is found
    /// until then is thrown, and becomes an ordinary answer. Later ones become an event.
    /// </summary>
    public async Task WriteAsync(Exchange exchange, IAsyncEnumerable<StreamItem> items)
    {
        using var place = Open(exchange);
        var aborted = exchange.Http.RequestAborted;
        var source = items.GetAsyncEnumerator(aborted);
        await using var stream = new EventStream(exchange, source, options.KeepAliveInterval, time);
        var first = source.MoveNextAsync().AsTask();
        if (!first.IsCompleted)
            await ((Task)first).WaitAsync(options.KeepAliveInterval, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first.IsCompleted)
            await first;
        Begin(exchange);
        try
        {
            await stream.CopyAsync(first);
        }
        catch (Exception exception) when (!aborted.IsCancellationRequested)
        {
            await stream.FailAsync(failures.Classify(exchange.Http, exception));
        }
    }

    /// <summary>Answers with a stream of nothing but an error: 0.3's resubscribe (other implementations do so too).</summary>
    public static async Task AnswerErrorAsync(Exchange exchange, A2AException error)
    {
        Begin(exchange);
        using var buffer = JsonBuffer.Rent();
        EventText.AppendError(buffer, exchange.Envelope, error);
        await exchange.Http.Response.BodyWriter.WriteAsync(buffer.Written);
    }

    private static void Begin(Exchange exchange)
    {
        exchange.BeginAnswer(MediaType.EventStream);
        var headers = exchange.Http.Response.Headers;
        headers.CacheControl = "no-cache, no-store";
        // Asks proxies, nginx first of all, to hand each event on at once.
        headers["X-Accel-Buffering"] = "no";
        exchange.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

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
