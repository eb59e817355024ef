using System.Text.Json;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>
/// The data of the CloudEvent that Eventarc creates for a Pub/Sub message (<c>google.cloud.pubsub.topic.v1.messagePublished</c>).
/// </summary>
/// <remarks>Read and written by hand: a serializer's initialization would be a tenth of a run's cold start.</remarks>
internal sealed record PubSubEvent
{
    /// <summary>The message.</summary>
    public required PubSubMessage Message { get; init; }

    /// <summary>The subscription that delivered it.</summary>
    public string? Subscription { get; init; }

    /// <summary>Reads the data of a CloudEvent: JSON, or this, in an event that has not left its process.</summary>
    /// <exception cref="InvalidDataException">
    /// The data is not of this form. Do not acknowledge the message, so that it is not lost.
    /// </exception>
    public static PubSubEvent Read(object? cloudEventData)
    {
        if (cloudEventData is PubSubEvent local)
            return local;
        if (cloudEventData is not JsonElement { ValueKind: JsonValueKind.Object } json)
            throw new InvalidDataException(
                $"A Pub/Sub event must have a JSON object as its data, but this one has {cloudEventData?.GetType().Name ?? "none"}.");
        if (!json.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("A Pub/Sub event has no message.");
        try
        {
            return new PubSubEvent { Message = PubSubMessage.Read(message), Subscription = PubSubMessage.Text(json, "subscription") };
        }
        catch (Exception malformed) when (malformed is FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"A Pub/Sub event cannot be read: {malformed.Message}", malformed);
        }
    }

    /// <summary>The event as the data of a CloudEvent.</summary>
    public JsonElement ToCloudEventData()
    {
        return JsonElement.Parse(ProtocolJson.ObjectBytes(json =>
        {
            if (Subscription is not null)
                json.WriteString("subscription"u8, Subscription);
            json.WritePropertyName("message"u8);
            Message.Write(json);
        }).Span);
    }
}
