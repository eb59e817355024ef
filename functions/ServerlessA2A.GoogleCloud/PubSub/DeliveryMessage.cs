using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>
/// Notifications as payloads of Pub/Sub messages: <c>{"taskId":"…","seq":5,"configId":"…"}</c>, and those that are given up:
/// <c>{"taskId":"…","after":4,"configId":"…","reason":"…"}</c>.
/// </summary>
internal static class DeliveryMessage
{
    /// <summary>The payload of a notification.</summary>
    public static ReadOnlyMemory<byte> Write(DeliveryRequest request) => ProtocolJson.ObjectBytes(json =>
    {
        json.WriteString("taskId"u8, request.TaskId);
        json.WriteNumber("seq"u8, request.Seq);
        json.WriteString("configId"u8, request.WebhookId);
    });

    /// <summary>The payload of one that is given up.</summary>
    public static ReadOnlyMemory<byte> Write(DeadDelivery delivery) => ProtocolJson.ObjectBytes(json =>
    {
        json.WriteString("taskId"u8, delivery.TaskId);
        json.WriteNumber("after"u8, delivery.After);
        json.WriteString("configId"u8, delivery.WebhookId);
        json.WriteString("reason"u8, delivery.Reason);
    });

    /// <summary>Reads the notification that a message holds.</summary>
    /// <exception cref="InvalidDataException">There is none in it.</exception>
    public static DeliveryRequest Read(PubSubMessage message)
    {
        try
        {
            using var json = JsonDocument.Parse(message.Data);
            var root = json.RootElement;
            if (PubSubMessage.Text(root, "taskId") is { Length: > 0 } taskId &&
                PubSubMessage.Text(root, "configId") is { Length: > 0 } webhookId
                && root.TryGetProperty("seq"u8, out var seq))
                return new DeliveryRequest(taskId, seq.GetInt64(), webhookId);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"Pub/Sub message {message.MessageId} is no notification: {malformed.Message}", malformed);
        }

        throw new InvalidDataException(
            $"Pub/Sub message {message.MessageId} is no notification: it does not name taskId, seq and configId.");
    }

    /// <summary>Whether a dead letter is a notification, rather than a request for a run.</summary>
    public static bool IsDead(PubSubMessage message)
    {
        try
        {
            using var json = JsonDocument.Parse(message.Data);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("configId"u8, out _);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name with half a surrogate pair.
            return false;
        }
    }
}
