using System.Net;
using System.Threading.Channels;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>
/// A gRPC call with messages both ways, which goes on until the service ends it or it is disposed of. Its own side is never
/// just ended: the emulator keeps such a stream among its listeners, and from then on every commit fails.
/// </summary>
internal sealed class GrpcStream : IAsyncDisposable
{
    // gRPC's usual limit, four times that of a document. A stream whose messages were mixed up claims gigabytes.
    private const int LongestMessage = 4 * 1024 * 1024;

    private readonly OpenContent content;
    private readonly GrpcResponse response;

    private GrpcStream(OpenContent content, GrpcResponse response) => (this.content, this.response) = (content, response);

    public static async Task<GrpcStream> OpenAsync(
        ServiceConnection connection, string method, byte[] message, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        var content = new OpenContent();
        content.Send(message);
        try
        {
            return new(content, await GrpcResponse.OfAsync(connection, method, content, headers, LongestMessage, cancellationToken));
        }
        catch
        {
            content.Close();
            throw;
        }
    }

    /// <summary>The next message, valid until the one after it is asked for; null when the service ended the stream well.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken) => response.ReadAsync(cancellationToken);

    public void Send(byte[] message) => content.Send(message);

    public ValueTask DisposeAsync()
    {
        // Reset first.
        response.Dispose();
        content.Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>A request body to which messages are added, for as long as the stream is open.</summary>
    private sealed class OpenContent : HttpContent
    {
        private readonly Channel<byte[]> messages = Channel.CreateUnbounded<byte[]>();

        public void Send(byte[] message) => messages.Writer.TryWrite(message);

        public void Close() => messages.Writer.TryComplete();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await foreach (var message in messages.Reader.ReadAllAsync(cancellationToken))
            {
                await stream.WriteAsync(GrpcFrame.Of(message.Length, message.CopyTo), cancellationToken);
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
