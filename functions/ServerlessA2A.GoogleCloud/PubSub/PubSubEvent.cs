using System.Text.Json;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>The data of a CloudEvent that Eventarc makes of a Pub/Sub message (<c>google.cloud.pubsub.topic.v1.messagePublished</c>).</summary>
/// <remarks>Read and written by hand: a serializer's preparations would be a tenth of the cold start of a run.</remarks>
internal sealed record PubSubEvent
{
    /// <summary>The message.</summary>
    public required PubSubMessage Message { get; init; }

    /// <summary>The subscription that delivered it.</summary>
    public string? Subscription { get; init; }

    /// <summary>Reads the data of a CloudEvent.</summary>
    /// <exception cref="InvalidDataException">It is not what Eventarc sends; the message is not to be acknowledged, so that it is not lost.</exception>
    public static PubSubEvent Read(object? cloudEventData)
    {
        if (cloudEventData is not JsonElement { ValueKind: JsonValueKind.Object } json)
            throw new InvalidDataException($"A Pub/Sub event has a JSON object as its data, this one has {cloudEventData?.GetType().Name ?? "none"}.");
        if (!json.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("A Pub/Sub event has no message.");
        try
        {
            return new PubSubEvent { Message = PubSubMessage.Read(message), Subscription = PubSubMessage.Text(json, "subscription") };
        }
        catch (Exception malformed) when (malformed is FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"A Pub/Sub event can't be read: {malformed.Message}", malformed);
        }
    }

    /// <summary>The event as a CloudEvent carries it.</summary>
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
