using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client.Transports;

/// <summary>
/// What both bindings of HTTP have in common: headers, credentials, time limits, event streams, and errors of the network.
/// </summary>
internal sealed class HttpCalls(Func<HttpClient> http, A2AClientOptions options, WireFormat wire, AppliedCredentials credentials)
{
    private const string EventStream = "text/event-stream";

    /// <summary>An error body is short. Of one that is not, the beginning has to do.</summary>
    private const int LargestErrorBody = 64 * 1024;

    /// <summary>The format of requests and results.</summary>
    public WireFormat Wire => wire;

    /// <summary>Makes one call and returns the body of its answer, which is one of success.</summary>
    /// <param name="createRequest">Creates the request; called again where credentials have to be renewed.</param>
    /// <param name="limit">How long the call may take.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<ReadOnlyMemory<byte>> CallAsync(
        Func<HttpRequestMessage> createRequest, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await SendAsync(createRequest, "application/json, application/a2a+json", linked.Token);
            return await ReadBodyAsync(response, linked.Token);
        }
        catch (Exception exception) when (IsOfNetwork(exception, cancellationToken))
        {
            throw OfNetwork(exception, timeout.IsCancellationRequested);
        }
    }

    /// <summary>Opens an event stream. An answer that is none is one event without an id.</summary>
    public async IAsyncEnumerable<SseItem<ReadOnlyMemory<byte>>> StreamAsync(
        Func<HttpRequestMessage> createRequest, string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Started anew with each read: an agent sends at least comments.
        using var silence = new CancellationTokenSource(options.Timeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        HttpRequestMessage CreateRequest()
        {
            var request = createRequest();
            if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
            return request;
        }

        HttpResponseMessage? response = null;
        IAsyncEnumerator<SseItem<ReadOnlyMemory<byte>>>? events = null;
        try
        {
            ReadOnlyMemory<byte>? single = null;
            try
            {
                response = await SendAsync(CreateRequest, EventStream, linked.Token);
                if (response.Content.Headers.ContentType?.MediaType == EventStream)
                {
                    var body = new WatchedStream(
                        await response.Content.ReadAsStreamAsync(linked.Token), () => silence.CancelAfter(options.StreamSilence));
                    events = SseParser.Create(body, (_, data) => (ReadOnlyMemory<byte>)data.ToArray())
                        .EnumerateAsync(linked.Token).GetAsyncEnumerator(linked.Token);
                }
                else
                {
                    single = await ReadBodyAsync(response, linked.Token);
                }
            }
            catch (Exception exception) when (IsOfNetwork(exception, cancellationToken))
            {
                throw OfNetwork(exception, silence.IsCancellationRequested);
            }

            if (single is { } whole)
            {
                yield return new(whole);
                yield break;
            }

            while (true)
            {
                try
                {
                    if (!await events!.MoveNextAsync()) yield break;
                }
                catch (Exception exception) when (IsOfNetwork(exception, cancellationToken))
                {
                    throw OfNetwork(exception, silence.IsCancellationRequested);
                }

                // Python's keep-alive is an event without data.
                if (events.Current.Data.IsEmpty) continue;
                // The time that the caller takes for an event is no silence of the agent's. The next read starts it again.
                silence.CancelAfter(Timeout.InfiniteTimeSpan);
                yield return events.Current;
            }
        }
        finally
        {
            if (events is not null) await events.DisposeAsync();
            response?.Dispose();
        }
    }

    /// <summary>A result that cannot be read.</summary>
    public static A2AClientException Unreadable(string operation, Exception? cause = null) => new(
        A2AError.InvalidAgentResponse,
        cause is null
            ? $"The agent's answer to {operation} lacks required members." : $"The agent's answer to {operation}: {cause.Message}",
        cause);

    private async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> createRequest, string accept, CancellationToken cancellationToken)
    {
        var renewed = false;
        while (true)
        {
            using var request = createRequest();
            request.Headers.TryAddWithoutValidation("Accept", accept);
            request.Headers.TryAddWithoutValidation(WireFormat.VersionHeader, wire.Version);
            if (options.Extensions.Count > 0)
            {
                var name = wire.Version == "0.3" ? "X-A2A-Extensions" : "A2A-Extensions";
                request.Headers.TryAddWithoutValidation(name, string.Join(", ", options.Extensions));
            }

            await credentials.ApplyAsync(request, cancellationToken);
            var response = await SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                // A token may have been revoked, or signed with a key that is gone: one other is tried.
                if ((int)response.StatusCode == 401 && !renewed && credentials.Renew())
                {
                    renewed = true;
                    continue;
                }

                var body = new byte[LargestErrorBody];
                using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
                var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
                var failure = ErrorReader.Read(
                    request.RequestUri!.AbsolutePath, (int)response.StatusCode, RetryAfter(response.Headers.RetryAfter),
                    body.AsSpan(0, length));
                failure.Location = response.Headers.Location;
                throw failure;
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception exception) when (exception is not
            (HttpRequestException or IOException or OperationCanceledException or InvalidOperationException or ArgumentException))
        {
            // A handler of the program has rejected the request, such as a circuit breaker.
            throw new HttpRequestException(exception.Message, exception);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is { } length && length > options.MaxResponseSize) throw TooLarge();
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > options.MaxResponseSize) throw TooLarge();
            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private A2AClientException TooLarge() => new(
        A2AError.InvalidAgentResponse,
        $"The agent's answer exceeds {options.MaxResponseSize} bytes " +
        $"({nameof(A2AClientOptions)}.{nameof(A2AClientOptions.MaxResponseSize)}).");

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delay } => delay,
        { Date: { } date } when date > options.TimeProvider.GetUtcNow() => date - options.TimeProvider.GetUtcNow(),
        _ => null,
    };

    private static bool IsOfNetwork(Exception exception, CancellationToken cancellationToken) =>
        (exception is HttpRequestException or IOException or OperationCanceledException || IsOfDecompression(exception)) &&
        !cancellationToken.IsCancellationRequested;

    /// <summary>A damaged body, which an HttpClient that decompresses cannot read. Brotli has no exception of its own.</summary>
    private static bool IsOfDecompression(Exception exception) => exception is InvalidDataException ||
        (exception is InvalidOperationException && exception.Source == typeof(BrotliStream).Assembly.GetName().Name);

    private static A2AClientException OfNetwork(Exception exception, bool timedOut) => new(
        A2AError.Unavailable,
        timedOut || exception is OperationCanceledException
            ? "The agent did not answer in time." : $"The connection to the agent failed: {exception.Message}",
        exception)
    {
        // That of the HttpClient too.
        IsOwnLimit = timedOut || exception is OperationCanceledException,
    };
}
