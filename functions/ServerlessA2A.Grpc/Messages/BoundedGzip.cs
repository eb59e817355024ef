using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace ServerlessA2A.Grpc.Messages;

/// <summary>
/// gzip with a limit for the decompressed message, in bytes: gRPC compares only the compressed length with
/// <c>MaxReceiveMessageSize</c>.
/// </summary>
internal sealed class BoundedGzip(int limit) : ICompressionProvider
{
    private readonly GzipCompressionProvider _gzip = new(CompressionLevel.Fastest);

    public string EncodingName => _gzip.EncodingName;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        _gzip.CreateCompressionStream(stream, compressionLevel);

    public Stream CreateDecompressionStream(Stream stream) => new BoundedStream(_gzip.CreateDecompressionStream(stream), limit);

    private sealed class BoundedStream(Stream inner, int limit) : Stream
    {
        private long _length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            _length += read;
            // The text is that of gRPC itself for a message that is too large without compression.
            return _length <= limit
                ? read
                : throw new RpcException(
                    new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
