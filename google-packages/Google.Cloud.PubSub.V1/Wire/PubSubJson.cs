using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Google.Cloud.PubSub.V1;

/// <summary>Messages of google.pubsub.v1 as proto3 has them in JSON.</summary>
internal static class PubSubJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object with what <paramref name="write"/> writes in it.</summary>
    public static ReadOnlyMemory<byte> Write<T>(T message, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            write(json, message);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    public static void Messages(Utf8JsonWriter json, IEnumerable<PubsubMessage> messages)
    {
        json.WriteStartArray("messages");
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteBase64String("data", message.Data.Span);
            json.WriteStartObject("attributes");
            foreach (var (key, value) in message.Attributes)
                json.WriteString(key, value);
            json.WriteEndObject();
            if (message.OrderingKey.Length > 0)
                json.WriteString("orderingKey", message.OrderingKey);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void Subscription(Utf8JsonWriter json, Subscription subscription)
    {
        json.WriteString("topic", subscription.Topic);
        if (subscription.PushConfig is { } push)
        {
            json.WriteStartObject("pushConfig");
            json.WriteString("pushEndpoint", push.PushEndpoint);
            json.WriteEndObject();
        }
        if (subscription.AckDeadlineSeconds != 0)
            json.WriteNumber("ackDeadlineSeconds", subscription.AckDeadlineSeconds);
        if (subscription.EnableMessageOrdering)
            json.WriteBoolean("enableMessageOrdering", true);
        if (subscription.RetryPolicy is { } retry)
        {
            json.WriteStartObject("retryPolicy");
            WriteDuration(json, "minimumBackoff", retry.MinimumBackoff);
            WriteDuration(json, "maximumBackoff", retry.MaximumBackoff);
            json.WriteEndObject();
        }
        if (subscription.DeadLetterPolicy is { } deadLetters)
        {
            json.WriteStartObject("deadLetterPolicy");
            json.WriteString("deadLetterTopic", deadLetters.DeadLetterTopic);
            json.WriteNumber("maxDeliveryAttempts", deadLetters.MaxDeliveryAttempts);
            json.WriteEndObject();
        }
    }

    public static void AckIds(Utf8JsonWriter json, IEnumerable<string> ackIds)
    {
        json.WriteStartArray("ackIds");
        foreach (var id in ackIds)
            json.WriteStringValue(id);
        json.WriteEndArray();
    }

    public static Topic ReadTopic(JsonElement topic) => new() { Name = Text(topic, "name") };

    public static Subscription ReadSubscription(JsonElement json) => new()
    {
        Name = Text(json, "name"),
        Topic = Text(json, "topic"),
        PushConfig = json.TryGetProperty("pushConfig", out var push) ? new() { PushEndpoint = Text(push, "pushEndpoint") } : null,
        AckDeadlineSeconds = Number(json, "ackDeadlineSeconds"),
        EnableMessageOrdering = json.TryGetProperty("enableMessageOrdering", out var ordering) && ordering.GetBoolean(),
        RetryPolicy = json.TryGetProperty("retryPolicy", out var retry)
            ? new() { MinimumBackoff = ReadDuration(retry, "minimumBackoff"), MaximumBackoff = ReadDuration(retry, "maximumBackoff") }
            : null,
        DeadLetterPolicy = json.TryGetProperty("deadLetterPolicy", out var deadLetters)
            ? new() { DeadLetterTopic = Text(deadLetters, "deadLetterTopic"), MaxDeliveryAttempts = Number(deadLetters, "maxDeliveryAttempts") }
            : null,
    };

    public static PublishResponse ReadPublished(JsonElement json)
    {
        var response = new PublishResponse();
        if (json.TryGetProperty("messageIds", out var ids))
            response.MessageIds.Add(ids.EnumerateArray().Select(id => id.GetString()!));
        return response;
    }

    public static PullResponse ReadPulled(JsonElement json)
    {
        var response = new PullResponse();
        if (json.TryGetProperty("receivedMessages", out var received))
            response.ReceivedMessages.Add(received.EnumerateArray().Select(message => new ReceivedMessage
            {
                AckId = Text(message, "ackId"),
                Message = ReadMessage(message.GetProperty("message")),
                DeliveryAttempt = Number(message, "deliveryAttempt"),
            }));
        return response;
    }

    private static PubsubMessage ReadMessage(JsonElement json)
    {
        var message = new PubsubMessage
        {
            Data = json.TryGetProperty("data", out var data) ? UnsafeByteOperations.UnsafeWrap(data.GetBytesFromBase64()) : ByteString.Empty,
            OrderingKey = Text(json, "orderingKey"),
            MessageId = Text(json, "messageId"),
            PublishTime = json.TryGetProperty("publishTime", out var time) ? Timestamp.FromDateTimeOffset(time.GetDateTimeOffset()) : null,
        };
        if (json.TryGetProperty("attributes", out var attributes))
        {
            foreach (var attribute in attributes.EnumerateObject())
                message.Attributes[attribute.Name] = attribute.Value.GetString()!;
        }
        return message;
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static int Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt32() : 0;

    private static void WriteDuration(Utf8JsonWriter json, string name, Duration? duration)
    {
        if (duration is not null)
            json.WriteString(name, $"{duration.ToTimeSpan().TotalSeconds.ToString("0.#########", CultureInfo.InvariantCulture)}s");
    }

    private static Duration? ReadDuration(JsonElement json, string name) => Text(json, name) is { Length: > 1 } text
        ? Duration.FromTimeSpan(TimeSpan.FromSeconds(double.Parse(text[..^1], CultureInfo.InvariantCulture)))
        : null;
}
