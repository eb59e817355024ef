using Microsoft.AspNetCore.Http.Features;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Streams;

/// <summary>Answers with event streams, for every binding and version.</summary>
/// <param name="time">How long requests may wait.</param>
/// <param name="keepAliveInterval">After how long a silence a comment is sent.</param>
/// <param name="admission">Counts the streams.</param>
/// <param name="failures">Classifies errors.</param>
internal sealed class EventStreams(RequestTime time, TimeSpan keepAliveInterval, Admission admission, FailureAnswers failures)
{
    /// <summary>How long requests may wait.</summary>
    public RequestTime Time => time;

    /// <summary>Counts a request that waits as long as a stream does, until the result is disposed of.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public IDisposable Open(Exchange exchange) => admission.OpenStream(exchange.Caller);

    /// <summary>
    /// Writes the items as they come. Before anything is sent, the first one is awaited for a keep-alive interval: an error until then is
    /// thrown and becomes an ordinary answer. Later errors become an event.
    /// </summary>
    public async Task WriteAsync(JsonExchange exchange, IAsyncEnumerable<StreamItem> items)
    {
        var aborted = exchange.Aborted;
        var source = items.GetAsyncEnumerator(aborted);
        await using var stream = new EventStream(exchange, source, keepAliveInterval, time.Clock);
        var first = source.MoveNextAsync().AsTask();
        if (!first.IsCompleted)
            await ((Task)first).WaitAsync(keepAliveInterval, time.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first.IsCompleted)
            await first;
        Begin(exchange);
        try
        {
            await stream.CopyAsync(first);
        }
        catch (Exception exception) when (!aborted.IsCancellationRequested)
        {
            await stream.FailAsync(failures.Classify(exchange, exception));
        }
    }

    /// <summary>Answers with a stream that contains only an error, as other implementations of 0.3's resubscribe do.</summary>
    public static async Task AnswerErrorAsync(JsonExchange exchange, A2AException error)
    {
        Begin(exchange);
        using var buffer = JsonBuffer.Rent();
        EventText.AppendError(buffer, exchange.Envelope, error);
        await exchange.Http.Response.BodyWriter.WriteAsync(buffer.Written);
    }

    private static void Begin(JsonExchange exchange)
    {
        exchange.BeginAnswer(MediaType.EventStream);
        var headers = exchange.Http.Response.Headers;
        headers.CacheControl = "no-cache, no-store";
        // Asks proxies such as nginx to pass on each event at once.
        headers["X-Accel-Buffering"] = "no";
        exchange.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
