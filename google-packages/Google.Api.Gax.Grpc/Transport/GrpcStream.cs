using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>
/// A gRPC call with messages both ways, which goes on until the service ends it or it is disposed of. Its own side is never
/// just ended: the emulator keeps such a stream among its listeners, and from then on every commit fails.
/// </summary>
internal sealed class GrpcStream : IAsyncDisposable
{
    private const int HeaderLength = 5;

    // gRPC's usual limit, four times that of a document. A stream whose messages were mixed up claims gigabytes.
    private const uint LongestMessage = 4 * 1024 * 1024;

    private readonly HttpRequestMessage request;
    private readonly OpenContent content;
    private readonly HttpResponseMessage response;
    private readonly Stream answers;
    private byte[] buffer = new byte[4096];

    private GrpcStream(HttpRequestMessage request, OpenContent content, HttpResponseMessage response, Stream answers) =>
        (this.request, this.content, this.response, this.answers) = (request, content, response, answers);

    public static async Task<GrpcStream> OpenAsync(
        ServiceConnection connection, string method, byte[] message, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        var content = new OpenContent();
        content.Send(message);
        var request = new HttpRequestMessage(HttpMethod.Post, connection.Address(method))
        {
            // Known beforehand to be HTTP/2, with TLS and without.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        HttpResponseMessage? response = null;
        // For as long as it opens: afterwards a cancellation would reset the stream.
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            response = await connection.SendAsync(request, opening.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new RpcException(new Status(FromHttp(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}"));
            return new(request, content, response, await response.Content.ReadAsStreamAsync(cancellationToken));
        }
        catch (Exception e)
        {
            content.Close();
            response?.Dispose();
            request.Dispose();
            if (IsOfConnection(e, cancellationToken))
                throw Failures.Of(e, cancellationToken);
            throw;
        }
    }

    /// <summary>The next message, valid until the one after it is asked for; null when the service ended the stream well.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = await answers.ReadAtLeastAsync(buffer.AsMemory(0, HeaderLength), HeaderLength, throwOnEndOfStream: false, cancellationToken);
            if (read == 0)
                return End();
            if (read < HeaderLength)
                throw new EndOfStreamException("The stream ended within a message.");
            if (buffer[0] != 0)
                throw new RpcException(new Status(StatusCode.Internal, "A compressed message, though no compression was offered."));
            if (BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(1)) is var claimed && claimed > LongestMessage)
                throw new RpcException(new Status(StatusCode.Internal, $"A message of {claimed} bytes is more than is taken."));
            var length = (int)claimed;
            if (length > buffer.Length)
                buffer = new byte[Math.Max(length, buffer.Length * 2)];
            await answers.ReadExactlyAsync(buffer.AsMemory(0, length), cancellationToken);
            return buffer.AsMemory(0, length);
        }
        catch (Exception e) when (IsOfConnection(e, cancellationToken))
        {
            throw Failures.Of(e, cancellationToken);
        }
    }

    public void Send(byte[] message) => content.Send(message);

    public ValueTask DisposeAsync()
    {
        // Reset first.
        response.Dispose();
        content.Close();
        request.Dispose();
        return ValueTask.CompletedTask;
    }

    // A connection that breaks under the open request is at times reported as that request's cancellation.
    private static bool IsOfConnection(Exception exception, CancellationToken cancellationToken) =>
        Failures.IsOfConnection(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    // The status is in the trailers, or in the headers of an answer that is nothing but its status.
    private ReadOnlyMemory<byte>? End()
    {
        var text = Value("grpc-status");
        if (text == "0")
            return null;
        var code = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((StatusCode)number)
            ? (StatusCode)number
            : StatusCode.Unknown;
        throw new RpcException(new Status(code, Uri.UnescapeDataString(Value("grpc-message") ?? "The stream ended without a status.")));
    }

    private string? Value(string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.First() : null;

    // https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
    private static StatusCode FromHttp(HttpStatusCode code) => (int)code switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>A request body to which messages are added, for as long as the stream is open.</summary>
    private sealed class OpenContent : HttpContent
    {
        private readonly Channel<byte[]> messages = Channel.CreateUnbounded<byte[]>();

        public OpenContent() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        public void Send(byte[] message) => messages.Writer.TryWrite(message);

        public void Close() => messages.Writer.TryComplete();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var header = new byte[HeaderLength];
            await foreach (var message in messages.Reader.ReadAllAsync(cancellationToken))
            {
                BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(1), (uint)message.Length);
                await stream.WriteAsync(header, cancellationToken);
                await stream.WriteAsync(message, cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
