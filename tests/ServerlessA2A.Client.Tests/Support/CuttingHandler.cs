namespace ServerlessA2A.Client.Tests.Support;

/// <summary>
/// A network that fails at random: connections break before a request arrives, before its answer does, or after some bytes of a stream.
/// </summary>
internal sealed class CuttingHandler(int seed) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly Random _random = new(seed);

    /// <summary>How many connections were cut.</summary>
    public int Cuts { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The card is not what is tested.
        if (request.RequestUri!.AbsolutePath.StartsWith("/.well-known", StringComparison.Ordinal))
            return await base.SendAsync(request, cancellationToken);
        if (Happens(0.1)) throw Cut("before the request");
        var response = await base.SendAsync(request, cancellationToken);
        if (Happens(0.1))
        {
            response.Dispose();
            throw Cut("before the answer");
        }

        if (response.Content.Headers.ContentType?.MediaType is "text/event-stream" or "application/grpc" && Happens(0.7))
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var content = new StreamContent(new CutStream(body, Next(50, 4000), () => Cut("in the stream")));
            content.Headers.ContentType = response.Content.Headers.ContentType;
            response.Content = content;
        }

        return response;
    }

    private HttpRequestException Cut(string when)
    {
        Cuts++;
        return new HttpRequestException(HttpRequestError.ConnectionError, $"cut {when}");
    }

    private bool Happens(double probability) => _random.NextDouble() < probability;

    private int Next(int least, int most) => _random.Next(least, most);

    private sealed class CutStream(Stream inner, int length, Func<HttpRequestException> cut) : Stream
    {
        private int _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0) throw new IOException("cut", cut());
            var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
