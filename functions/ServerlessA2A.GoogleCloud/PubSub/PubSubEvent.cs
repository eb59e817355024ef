using System.Text.Json;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>The data of a CloudEvent that Eventarc makes of a Pub/Sub message (<c>google.cloud.pubsub.topic.v1.messagePublished</c>).</summary>
public sealed record PubSubEvent
{
    /// <summary>The message.</summary>
    public required PubSubMessage Message { get; init; }

    /// <summary>The subscription that delivered it.</summary>
    public string? Subscription { get; init; }

    /// <summary>Reads the data of a CloudEvent.</summary>
    /// <exception cref="InvalidDataException">It is not what Eventarc sends; the message is not to be acknowledged, so that it is not lost.</exception>
    public static PubSubEvent Read(object? cloudEventData)
    {
        if (cloudEventData is not JsonElement json)
            throw new InvalidDataException($"A Pub/Sub event has JSON data, this one has {cloudEventData?.GetType().Name ?? "none"}.");
        try
        {
            if (json.Deserialize(PubSubJsonContext.Default.PubSubEvent) is { Message: not null } read)
                return read;
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"A Pub/Sub event can't be read: {malformed.Message}", malformed);
        }

        throw new InvalidDataException("A Pub/Sub event has no message.");
    }

    /// <summary>The event as a CloudEvent carries it.</summary>
    public JsonElement ToCloudEventData() => JsonSerializer.SerializeToElement(this, PubSubJsonContext.Default.PubSubEvent);
}
