using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ServerlessA2A.Functions.Local;

/// <summary>The bodies of a request and its response, for <c>--verbose</c>: what passes, up to a limit, and nothing is held back.</summary>
internal sealed class RequestBodies
{
    private const int Limit = 16 * 1024;

    private readonly Tap _request;
    private readonly Tap _response;

    private RequestBodies(Tap request, Tap response) => (_request, _response) = (request, response);

    /// <summary>Begins to listen.</summary>
    public static RequestBodies Attach(HttpContext context)
    {
        var response = new Tap(context.Response.Body);
        var request = new Tap(context.Request.Body);
        context.Request.Body = request;
        context.Features.Set<IHttpResponseBodyFeature>(
            new StreamResponseBodyFeature(response, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));
        return new RequestBodies(request, response);
    }

    /// <summary>Both bodies, each on lines of its own.</summary>
    public string Describe() => Describe("  > ", _request) + Describe("  < ", _response);

    private static string Describe(string prefix, Tap tap) => tap.Text.Length == 0 ? "" : string.Concat(
        tap.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{Environment.NewLine}{prefix}{line}"));

    /// <summary>A stream that remembers the beginning of what passes through it.</summary>
    private sealed class Tap(Stream inner) : Stream
    {
        private readonly MemoryStream _seen = new();
        private bool _isCut;

        /// <summary>The text so far. Control characters could change the terminal.</summary>
        public string Text
        {
            get
            {
                var text = Encoding.UTF8.GetString(_seen.GetBuffer(), 0, (int)_seen.Length);
                var printable = string.Concat(text.Select(letter => char.IsControl(letter) && letter != '\n' ? '·' : letter));
                return printable + (_isCut ? " …" : "");
            }
        }

        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => false;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            See(buffer.Span[..count]);
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            See(buffer.Span);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void See(ReadOnlySpan<byte> bytes)
        {
            var room = Limit - (int)_seen.Length;
            _isCut |= bytes.Length > room;
            _seen.Write(bytes[..Math.Min(bytes.Length, room)]);
        }
    }
}
