using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>What is delivered in one call.</summary>
/// <param name="Seq">The number of the last event that it tells of.</param>
/// <param name="Version">The version of the protocol that it is written in, Major.Minor.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Json">The body.</param>
internal sealed record WebhookBody(long Seq, string Version, string ContentType, ReadOnlyMemory<byte> Json)
{
    /// <summary>When the event was appended; null where the body is the task as it stands.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>An event as 1.0 has it: a stream response (A2A 1.0, section 4.3.3).</summary>
    public static WebhookBody Of(long seq, StreamResponse response) =>
        Of(seq, WireFormat.V1, "application/a2a+json", (wire, writer) => wire.WriteStreamResponse(writer, response, final: false));

    /// <summary>The task as it stands, as the version of the webhook has it: 0.3 knows no other body.</summary>
    public static WebhookBody Of(long seq, A2ATask task, ProtocolVersion version) => version == ProtocolVersion.V0_3
        ? Of(seq, WireFormat.V0_3JsonRpc, "application/json", (wire, writer) => wire.WriteTask(writer, task))
        : Of(seq, new StreamResponse { Task = task });

    private static WebhookBody Of(long seq, WireFormat wire, string contentType, Action<WireFormat, Utf8JsonWriter> write) =>
        new(seq, wire.Version, contentType, ProtocolJson.Bytes(writer => write(wire, writer)));
}
