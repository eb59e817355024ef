using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Benchmarks.Callers;

/// <summary>A caller's connection, which takes errors for answers as well: they are what is measured.</summary>
/// <param name="address">Of the server.</param>
/// <param name="caller">Whose key goes with each request.</param>
internal sealed class CallerConnection(IPEndPoint address, string caller) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Socket _socket = Connect(address);

    /// <summary>A JSON-RPC request as it goes over the wire.</summary>
    public byte[] Request(string method, string parameters)
    {
        var body = $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""";
        return Encoding.UTF8.GetBytes(
            $"POST / HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {caller}\r\nContent-Type: application/json\r\nA2A-Version: 1.0\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    /// <summary>Sends a message, waits for its task to be done, and gives its id.</summary>
    public string Send()
    {
        var (_, answer) = Exchange(Message());
        using var json = JsonDocument.Parse(answer.ToArray());
        return json.RootElement.GetProperty("result").GetProperty("task").GetProperty("id").GetString()!;
    }

    /// <summary>A message that no other was like.</summary>
    public byte[] Message() => Request("SendMessage", $$$"""{"message":{"messageId":"{{{Guid.NewGuid()}}}","role":"ROLE_USER","parts":[{"text":"Hello"}]}}""");

    /// <summary>The status and the body of the answer, until the next call.</summary>
    public (int Status, ReadOnlyMemory<byte> Body) Exchange(byte[] request)
    {
        _socket.Send(request);
        var length = 0;
        while (true)
        {
            var count = _socket.Receive(_buffer.AsSpan(length));
            if (count == 0)
                throw new InvalidOperationException("The server closed the connection.");
            length += count;
            if (BodyOf(_buffer.AsSpan(0, length)) is { } start)
                return ((_buffer[9] - '0') * 100 + (_buffer[10] - '0') * 10 + _buffer[11] - '0', _buffer.AsMemory(start, length - start));
        }
    }

    /// <summary>How long an answer takes that has to be of this status and hold this text.</summary>
    public double Time(byte[] request, int status, string text)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = Exchange(request);
        var time = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        if (answer.Status != status || answer.Body.Span.IndexOf(Encoding.ASCII.GetBytes(text)) < 0)
            throw new InvalidOperationException($"The server answered {answer.Status}: {Encoding.UTF8.GetString(answer.Body.Span)}");
        return time;
    }

    public void Dispose() => _socket.Dispose();

    private static Socket Connect(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address);
        return socket;
    }

    /// <summary>Where the body begins, when all of it is there.</summary>
    private static int? BodyOf(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return null;
        var length = answer[..head].IndexOf("Content-Length: "u8);
        return length >= 0 && Utf8Parser.TryParse(answer[(length + 16)..], out int size, out _) && answer.Length == head + 4 + size ? head + 4 : null;
    }
}
