using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Client.Transports;

/// <summary>The HTTP+JSON binding (A2A 1.0, section 11; 0.3, section 3.2.3).</summary>
internal sealed class HttpJsonTransport(HttpCalls calls, Uri address, A2AClientOptions options) : ITransport
{
    private readonly bool _isOlder = calls.Wire.Version == "0.3";
    private bool _subscribesByPost;

    public async Task<TResult> CallAsync<TRequest, TResult>(
        Operation<TRequest, TResult> operation, TRequest request, CancellationToken cancellationToken)
    {
        var createRequest = Request(operation, request, operation.Verb);
        return Read(operation, await calls.CallAsync(createRequest, options.LimitOf(operation.Name, request), cancellationToken));
    }

    public async IAsyncEnumerable<StreamEvent> StreamAsync<TRequest>(
        Operation<TRequest, StreamResponse> operation,
        TRequest request,
        string? lastEventId,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var verb = _subscribesByPost ? HttpMethod.Post : operation.Verb;
        var events = calls.StreamAsync(Request(operation, request, verb), lastEventId, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    if (!await events.MoveNextAsync()) yield break;
                }
                catch (A2AClientException exception) when (exception.HttpStatus == 405 && verb == HttpMethod.Get)
                {
                    // The text of the specification has POST, its proto file GET.
                    _subscribesByPost = true;
                    verb = HttpMethod.Post;
                    await events.DisposeAsync();
                    events = calls.StreamAsync(Request(operation, request, verb), lastEventId, cancellationToken)
                        .GetAsyncEnumerator(cancellationToken);
                    continue;
                }

                var item = events.Current;
                if (item.EventType == "error") throw ErrorReader.Read("", 200, null, item.Data.Span);
                yield return new(item.EventId is { Length: > 0 } id ? id : null, Read(operation, item.Data));
            }
        }
        finally
        {
            await events.DisposeAsync();
        }
    }

    private Func<HttpRequestMessage> Request<TRequest, TResult>(
        Operation<TRequest, TResult> operation, TRequest request, HttpMethod verb)
    {
        var path = operation.Path(request);
        if (_isOlder && path == "extendedAgentCard") path = "card";
        var start = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (operation.Tenant(request) is { Length: > 0 } tenant) start += $"/{Uri.EscapeDataString(tenant)}";
        if (_isOlder && !start.EndsWith("/v1", StringComparison.Ordinal)) start += "/v1";
        var url = new Uri($"{start}/{path}");
        if (!operation.HasBody) return () => new HttpRequestMessage(verb, url);

        var body = ProtocolJson.Bytes(json => operation.Write(calls.Wire, json, request));
        return () => new HttpRequestMessage(verb, url)
        {
            Content = new ReadOnlyMemoryContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue(_isOlder ? "application/json" : "application/a2a+json") },
            },
        };
    }

    private TResult Read<TRequest, TResult>(Operation<TRequest, TResult> operation, ReadOnlyMemory<byte> answer)
    {
        try
        {
            var read = operation.Read(calls.Wire, answer);
            return operation.IsComplete(read) ? read : throw HttpCalls.Unreadable(operation.Name);
        }
        catch (Exception exception) when (exception is JsonException or A2AException)
        {
            throw HttpCalls.Unreadable(operation.Name, exception);
        }
    }
}
