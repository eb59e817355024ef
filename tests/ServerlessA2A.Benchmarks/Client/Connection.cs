using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace ServerlessA2A.Benchmarks.Client;

/// <summary>
/// HTTP/1.1 on a bare socket, one request at a time: it costs so little that the server is what limits. Knows as much of HTTP as Kestrel's
/// answers need, and takes any but a good answer for a fault of the benchmark.
/// </summary>
internal sealed class Connection(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;
    private int _bodyStart;

    public Socket Socket => socket;

    /// <summary>What has come of the answer's body; of a stream with its chunk sizes.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_bodyStart, _length - _bodyStart);

    public void Send(Request request)
    {
        (_length, _bodyStart) = (0, 0);
        socket.Send(request.Next());
    }

    /// <summary>Takes what has come, or waits for it. True when the answer is whole.</summary>
    public bool Receive()
    {
        var count = socket.Receive(_buffer.AsSpan(_length));
        if (count == 0)
            throw new InvalidOperationException("The server closed the connection.");
        _length += count;
        if (!IsWhole())
            return false;
        if (Body.IndexOf("\"error\":{"u8) >= 0)
            throw new InvalidOperationException($"The server answered with an error: {Encoding.UTF8.GetString(Body)}");
        return true;
    }

    /// <summary>Sends a request and waits for the whole answer.</summary>
    public ReadOnlySpan<byte> Exchange(Request request)
    {
        Send(request);
        while (!Receive())
        {
        }

        return Body;
    }

    public void Dispose() => socket.Dispose();

    private bool IsWhole()
    {
        var answer = _buffer.AsSpan(0, _length);
        if (_bodyStart == 0)
        {
            var head = answer.IndexOf("\r\n\r\n"u8);
            if (head < 0)
                return false;
            if (!answer.StartsWith("HTTP/1.1 200"u8))
                throw new InvalidOperationException($"The server answered: {Encoding.UTF8.GetString(answer)}");
            _bodyStart = head + 4;
        }

        var lengthHeader = answer[.._bodyStart].IndexOf("Content-Length: "u8);
        if (lengthHeader < 0)
            return IsLastChunkThere(answer[_bodyStart..]);
        return Utf8Parser.TryParse(answer[(lengthHeader + 16)..], out int length, out _) && _length == _bodyStart + length;
    }

    private static bool IsLastChunkThere(ReadOnlySpan<byte> chunks)
    {
        while (Chunks.TryTake(ref chunks, out var chunk))
        {
            if (chunk.IsEmpty)
                return true;
        }

        return false;
    }
}
