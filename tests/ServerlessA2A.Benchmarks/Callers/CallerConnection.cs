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
    private readonly byte[] _buffer = new byte[2 * 1024 * 1024];
    private int _length;
    private int _bodyStart;

    public Socket Socket { get; } = Connect(address);

    /// <summary>A JSON-RPC request as it goes over the wire.</summary>
    public byte[] Request(string method, string parameters)
    {
        var body = $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""";
        return Encoding.UTF8.GetBytes(
            $"POST / HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {caller}\r\nContent-Type: application/json\r\nA2A-Version: " +
            $"1.0\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    /// <summary>Sends a message, waits for its task to be done, and gives its id.</summary>
    public string Send(string text = "Hello")
    {
        Exchange(Message(text));
        using var json = JsonDocument.Parse(Body);
        return json.RootElement.GetProperty("result").GetProperty("task").GetProperty("id").GetString()!;
    }

    /// <summary>A message that no other was like.</summary>
    public byte[] Message(string text = "Hello") =>
        Request("SendMessage", $$$"""{"message":{"messageId":"{{{Guid.NewGuid()}}}","role":"ROLE_USER","parts":[{"text":"{{{text}}}"}]}}""");

    /// <summary>The status of the last answer that was whole.</summary>
    public int Status => ((_buffer[9] - '0') * 100) + ((_buffer[10] - '0') * 10) + _buffer[11] - '0';

    /// <summary>Its body, until the next request.</summary>
    public ReadOnlyMemory<byte> Body => _buffer.AsMemory(_bodyStart, _length - _bodyStart);

    public void Send(byte[] request)
    {
        _length = 0;
        Socket.Send(request);
    }

    /// <summary>Takes what has come, or waits for it. True when the answer is whole.</summary>
    public bool Receive()
    {
        var count = Socket.Receive(_buffer.AsSpan(_length));
        if (count == 0)
            throw new InvalidOperationException("The server closed the connection.");
        _length += count;
        if (BodyOf(_buffer.AsSpan(0, _length)) is not { } start)
            return false;
        _bodyStart = start;
        return true;
    }

    /// <summary>How long an answer takes that has to be of this status and hold this text.</summary>
    public double Time(byte[] request, int status, string text)
    {
        var began = Stopwatch.GetTimestamp();
        Exchange(request);
        var time = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        if (Status != status || Body.Span.IndexOf(Encoding.ASCII.GetBytes(text)) < 0)
            throw new InvalidOperationException($"The server answered {Status}: {Encoding.UTF8.GetString(Body.Span)}");
        return time;
    }

    public void Dispose() => Socket.Dispose();

    private void Exchange(byte[] request)
    {
        Send(request);
        while (!Receive())
        {
        }
    }

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
        return length >= 0 && Utf8Parser.TryParse(answer[(length + 16)..], out int size, out _) && answer.Length == head + 4 + size ? head +
            4 : null;
    }
}
