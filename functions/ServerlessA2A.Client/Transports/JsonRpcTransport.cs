using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Client.Transports;

/// <summary>The JSON-RPC binding (A2A 1.0, section 9; 0.3, section 7).</summary>
internal sealed class JsonRpcTransport(HttpCalls calls, Uri address, A2AClientOptions options) : ITransport
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = ProtocolJson.MaxDepth + 4 };

    private long _lastId;

    public async Task<TResult> CallAsync<TRequest, TResult>(
        Operation<TRequest, TResult> operation, TRequest request, CancellationToken cancellationToken)
    {
        var body = Body(operation, request);
        var answer = await calls.CallAsync(() => Request(body), options.LimitOf(operation.Name, request), cancellationToken);
        return Read(operation, answer);
    }

    public async IAsyncEnumerable<StreamEvent> StreamAsync<TRequest>(
        Operation<TRequest, StreamResponse> operation,
        TRequest request,
        string? lastEventId,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = Body(operation, request);
        await foreach (var item in calls.StreamAsync(() => Request(body), lastEventId, cancellationToken))
            yield return new(item.EventId is { Length: > 0 } id ? id : null, Read(operation, item.Data));
    }

    private HttpRequestMessage Request(ReadOnlyMemory<byte> body) =>
        new(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } } };

    private ReadOnlyMemory<byte> Body<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request)
    {
        var method = calls.Wire.Version == "0.3" ? operation.OlderName : operation.Name;
        if (method is null)
        {
            throw new A2AClientException(
                A2AError.UnsupportedOperation, $"A2A 0.3 has no {operation.Name} over JSON-RPC, and the agent's card offers nothing else.");
        }

        return ProtocolJson.ObjectBytes(json =>
        {
            json.WriteString("jsonrpc"u8, "2.0"u8);
            json.WriteString("id"u8, Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture));
            json.WriteString("method"u8, method);
            json.WritePropertyName("params"u8);
            operation.Write(calls.Wire, json, request);
        });
    }

    private TResult Read<TRequest, TResult>(Operation<TRequest, TResult> operation, ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer, Deep);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var error) &&
                error.ValueKind != JsonValueKind.Null)
            {
                throw ErrorReader.Read(error, 200, null);
            }

            if (root.ValueKind != JsonValueKind.Object) throw HttpCalls.Unreadable(operation.Name);
            // Python's servers leave out a result that is null.
            if (!root.TryGetProperty("result", out var result))
            {
                return operation.Name == Operations.DeleteWebhook.Name
                    ? operation.Read(calls.Wire, default) : throw HttpCalls.Unreadable(operation.Name);
            }

            // The members of the result refer to its bytes, and outlive the document.
            var read = operation.Read(calls.Wire, JsonMarshal.GetRawUtf8Value(result).ToArray());
            return operation.IsComplete(read) ? read : throw HttpCalls.Unreadable(operation.Name);
        }
        catch (Exception exception) when (exception is JsonException or A2AException or InvalidOperationException)
        {
            // InvalidOperationException: a name that is not valid Unicode.
            throw HttpCalls.Unreadable(operation.Name, exception);
        }
    }
}
