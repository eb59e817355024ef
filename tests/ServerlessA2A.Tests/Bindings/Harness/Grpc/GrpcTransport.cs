using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;

namespace ServerlessA2A.Tests.Bindings.Harness.Grpc;

/// <summary>
/// Sends marked requests of HTTP+JSON as gRPC calls, and makes answers of HTTP+JSON of theirs: what is asserted of one binding is asserted
/// of the other, by the same lines.
/// </summary>
/// <param name="channel">Where the services are.</param>
/// <param name="inner">Sends all other requests.</param>
internal sealed class GrpcTransport(Func<GrpcChannel> channel, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public static readonly HttpRequestOptionsKey<bool> Marker = new("grpc");

    private readonly Lazy<GrpcChannel> _channel = new(channel);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Marker, out _))
            return await base.SendAsync(request, cancellationToken);
        var call = await GrpcCall.OfAsync(request);
        var headers = new Metadata();
        foreach (var (name, values) in request.Headers)
            headers.Add(name.ToLowerInvariant(), string.Join(", ", values));
        return call.IsStream
            ? await StreamAsync(request, call, headers, cancellationToken)
            : await AnswerAsync(request, call, headers, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _channel.IsValueCreated)
            _channel.Value.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> AnswerAsync(
        HttpRequestMessage request, GrpcCall call, Metadata headers, CancellationToken cancellationToken)
    {
        using var unary = _channel.Value.CreateCallInvoker().AsyncUnaryCall(
            call.MethodOf(MethodType.Unary), null, new CallOptions(headers, cancellationToken: cancellationToken), call.Request);
        try
        {
            var reply = await unary.ResponseAsync;
            return ResponseOf(request, HttpStatusCode.OK, call.ToJson(reply), await unary.ResponseHeadersAsync);
        }
        catch (RpcException exception) when (exception.StatusCode != StatusCode.Cancelled || !cancellationToken.IsCancellationRequested)
        {
            return ErrorOf(request, call, exception);
        }
    }

    private async Task<HttpResponseMessage> StreamAsync(
        HttpRequestMessage request, GrpcCall call, Metadata headers, CancellationToken cancellationToken)
    {
        var stream = _channel.Value.CreateCallInvoker().AsyncServerStreamingCall(
            call.MethodOf(MethodType.ServerStreaming), null, new CallOptions(headers, cancellationToken: cancellationToken), call.Request);
        try
        {
            var hasFirst = await stream.ResponseStream.MoveNext(cancellationToken);
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            var response = ResponseOf(request, HttpStatusCode.OK, "", await stream.ResponseHeadersAsync);
            response.Content = new StreamContent(new CallStream(pipe.Reader.AsStream(), stream.Dispose));
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            _ = CopyAsync(hasFirst, call, stream.ResponseStream, pipe.Writer);
            return response;
        }
        catch (RpcException exception)
        {
            stream.Dispose();
            return ErrorOf(request, call, exception);
        }
    }

    private static async Task CopyAsync(bool hasNext, GrpcCall call, IAsyncStreamReader<byte[]> items, PipeWriter writer)
    {
        Exception? fault = null;
        try
        {
            for (; hasNext; hasNext = await items.MoveNext(CancellationToken.None))
                await writer.WriteAsync(Encoding.UTF8.GetBytes($"data: {call.ToJson(items.Current)}\n\n"));
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        await writer.CompleteAsync(fault);
    }

    private static HttpResponseMessage ErrorOf(HttpRequestMessage request, GrpcCall call, RpcException exception)
    {
        var (status, json, retryAfter) = GrpcError.Read(exception, call.Version);
        var response = ResponseOf(request, status, json, exception.Trailers);
        if (retryAfter is not null)
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }

    private static HttpResponseMessage ResponseOf(HttpRequestMessage request, HttpStatusCode status, string json, Metadata headers)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var response = new HttpResponseMessage(status) { RequestMessage = request, Content = new ByteArrayContent(body) };
        response.Content.Headers.ContentLength = body.Length;
        response.Content.Headers.ContentType = request.Content?.Headers.ContentType ?? new MediaTypeHeaderValue("application/json");
        foreach (var header in headers.Where(header => !header.IsBinary && !header.Key.StartsWith("grpc-", StringComparison.Ordinal)))
            response.Headers.TryAddWithoutValidation(header.Key, header.Value);
        return response;
    }

    /// <summary>Ends the call when the reader closes the stream.</summary>
    private sealed class CallStream(Stream inner, Action end) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            inner.ReadAsync(buffer, offset, count, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                end();
            base.Dispose(disposing);
        }
    }
}
