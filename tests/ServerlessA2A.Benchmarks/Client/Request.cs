using System.Text;

namespace ServerlessA2A.Benchmarks.Client;

/// <summary>A request whose bytes are made once. Sends need a new message id each time: it is written into its place.</summary>
internal sealed class Request
{
    private const string Slot = "m-0000000000000000";
    private static long s_messages = Environment.TickCount64 << 20;

    private readonly byte[] _bytes;
    private readonly int _slot;

    private Request(string name, string text)
    {
        Name = name;
        _bytes = Encoding.UTF8.GetBytes(text);
        _slot = _bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Slot));
    }

    /// <summary>The card.</summary>
    public static Request Card { get; } = new("card", "GET /.well-known/agent-card.json HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <summary>A send that waits until the task is done.</summary>
    public static Request BlockingSend { get; } = Send("SendMessage", "SendMessage", "");

    /// <summary>A send that does not wait.</summary>
    public static Request ImmediateSend { get; } =
        Send("SendMessage-returnImmediately", "SendMessage", """, "configuration": {"returnImmediately": true}""");

    /// <summary>A send that is streamed.</summary>
    public static Request Stream { get; } = Send("SendStreamingMessage", "SendStreamingMessage", "");

    /// <summary>A send whose task waits for another one.</summary>
    public static Request Question { get; } = Send("SendMessage-ask", "SendMessage", "", text: "ask");

    /// <summary>What the reference calls the answer.</summary>
    public string Name { get; }

    /// <summary>A poll of a task.</summary>
    public static Request GetTask(string id) => Rpc("GetTask", $$$"""{"jsonrpc": "2.0", "id": 1, "method": "GetTask", "params": {"id": "{{{id}}}"}}""");

    /// <summary>A stream of what becomes of a task.</summary>
    public static Request Subscribe(string id) =>
        Rpc("SubscribeToTask", $$$"""{"jsonrpc": "2.0", "id": 1, "method": "SubscribeToTask", "params": {"id": "{{{id}}}"}}""");

    /// <summary>The bytes to send now, until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (_slot >= 0)
            (++s_messages).TryFormat(_bytes.AsSpan(_slot + 2, Slot.Length - 2), out _, "x16");
        return _bytes;
    }

    private static Request Send(string name, string method, string configuration, string text = "Hello") => Rpc(name,
        $$$"""{"jsonrpc": "2.0", "id": 1, "method": "{{{method}}}", "params": {"message": {"messageId": "{{{Slot}}}", """ +
        $$$""" "role": "ROLE_USER", "parts": [{"text": "{{{text}}}"}]}{{{configuration}}}}}""");

    private static Request Rpc(string name, string body) =>
        new(name, $"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nA2A-Version: 1.0\r\nContent-Length: " +
            $"{body.Length}\r\n\r\n{body}");
}
