using System.Buffers.Binary;
using System.Net;
using System.Text;
using Google.Protobuf;

namespace ServerlessA2A.Client.Tests.Support;

/// <summary>An agent that answers as a test says, and the requests that it got.</summary>
internal sealed class StubHandler(Func<SeenRequest, int, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly List<SeenRequest> _requests = [];

    public IReadOnlyList<SeenRequest> Requests => _requests;

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Result(string json) => Json($$"""{"jsonrpc":"2.0","id":"1","result":{{json}}}""");

    public static HttpResponseMessage Error(int code, string message) =>
        Json($$$"""{"jsonrpc":"2.0","id":"1","error":{"code":{{{code}}},"message":"{{{message}}}"}}""");

    /// <summary>A stream of JSON-RPC results. An event that begins with a number and a bar has that id.</summary>
    public static HttpResponseMessage Stream(params string[] results) => Text(string.Concat(results.Select(Event)), "text/event-stream");

    /// <summary>A stream that breaks after its events.</summary>
    public static HttpResponseMessage Broken(params string[] results) => Ending(new IOException("The connection was reset."), results);

    /// <summary>A stream that is silent after its events, until the client's limit of time ends it.</summary>
    public static HttpResponseMessage Silent(params string[] results) => Ending(new TaskCanceledException(), results);

    /// <summary>An answer of gRPC: frames, each with whether it is compressed, then the status in the trailers.</summary>
    public static HttpResponseMessage Grpc(int status, IMessage? details, params (bool IsCompressed, byte[] Content)[] frames)
    {
        var body = new MemoryStream();
        foreach (var (isCompressed, content) in frames)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
            body.Write([(byte)(isCompressed ? 1 : 0), .. length, .. content]);
        }

        var response = new HttpResponseMessage { Version = HttpVersion.Version20, Content = new ByteArrayContent(body.ToArray()) };
        response.Content.Headers.ContentType = new("application/grpc");
        response.Headers.Add("grpc-encoding", "gzip");
        response.TrailingHeaders.Add("grpc-status", $"{status}");
        if (details is not null)
            response.TrailingHeaders.Add("grpc-status-details-bin", Convert.ToBase64String(details.ToByteArray()));
        return response;
    }

    /// <summary>A field of a Protocol Buffers message, of fewer than 128 bytes.</summary>
    public static byte[] Field(int number, params byte[][] content)
    {
        byte[] all = [.. content.SelectMany(each => each)];
        return [(byte)((number << 3) | 2), (byte)all.Length, .. all];
    }

    /// <inheritdoc cref="Field(int, byte[][])"/>
    public static byte[] Field(int number, string content) => Field(number, Encoding.UTF8.GetBytes(content));

    public A2AClient Client(A2AClientOptions? options = null, bool streaming = true, string binding = "JSONRPC") => new(
        Wire.Card("https://agent.example.com/a2a", binding, streaming: streaming),
        options ?? new A2AClientOptions { TimeProvider = new ImpatientTime() },
        new HttpClient(this));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var seen = new SeenRequest(
            request.Method.Method, request.RequestUri!, body,
            request.Headers.ToDictionary(each => each.Key, each => string.Join(",", each.Value), StringComparer.OrdinalIgnoreCase));
        _requests.Add(seen);
        return answer(seen, _requests.Count);
    }

    private static string Event(string result)
    {
        var bar = result.IndexOf('|', StringComparison.Ordinal);
        var id = bar > 0 && result[..bar].All(char.IsAsciiDigit) ? $"id: {result[..bar]}\n" : "";
        return $"{id}data: {{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{(id.Length > 0 ? result[(bar + 1)..] : result)}}}\n\n";
    }

    private static HttpResponseMessage Ending(Exception end, string[] results) => new(HttpStatusCode.OK)
    {
        Content = new StreamContent(new EndingStream(Encoding.UTF8.GetBytes(string.Concat(results.Select(Event))), end))
        {
            Headers = { ContentType = new("text/event-stream") },
        },
    };

    private static HttpResponseMessage Text(string text, string mediaType) =>
        new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, mediaType) };

    private sealed class EndingStream(byte[] bytes, Exception end) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw end;
        }
    }
}

/// <summary>A request that an agent got.</summary>
internal sealed record SeenRequest(string Verb, Uri Url, string Body, IReadOnlyDictionary<string, string> Headers);
