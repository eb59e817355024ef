using System.Buffers.Text;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Streams;

/// <summary>The text of events (HTML, section 9.2.5): the id is the number of the log's event, the data one line of JSON.</summary>
internal static class EventText
{
    private const int LongestNumber = 20;

    /// <summary>
    /// A comment line, without an empty line after it: once they have seen an id, Python clients (httpx-sse) read that as an event without
    /// data.
    /// </summary>
    public static ReadOnlyMemory<byte> KeepAlive { get; } = ": keep-alive\n"u8.ToArray();

    /// <summary>Appends an item.</summary>
    public static void Append(JsonBuffer buffer, JsonExchange exchange, StreamItem item)
    {
        if (item.Id is { } id)
        {
            buffer.Append("id: "u8);
            Utf8Formatter.TryFormat(id, buffer.GetSpan(LongestNumber), out var length);
            buffer.Advance(length);
            buffer.Append("\n"u8);
        }

        exchange.Record?.Answered(item.Response);
        buffer.Append("data: "u8);
        buffer.Json.Reset();
        exchange.Envelope.Open(buffer.Json);
        exchange.Wire.WriteStreamResponse(buffer.Json, item.Response, item.IsFinal);
        exchange.Envelope.Close(buffer.Json);
        buffer.Json.Flush();
        buffer.Append("\n\n"u8);
    }

    /// <summary>Appends an error. It has no id: a reconnecting client continues after its last event.</summary>
    public static void AppendError(JsonBuffer buffer, Envelope envelope, A2AException error)
    {
        if (envelope.ErrorEventName is not null)
            buffer.Append("event: error\n"u8);
        buffer.Append("data: "u8);
        buffer.Json.Reset();
        envelope.WriteError(buffer.Json, error);
        buffer.Json.Flush();
        buffer.Append("\n\n"u8);
    }
}
