using System.Text.Json;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>A Pub/Sub message.</summary>
internal sealed record PubSubMessage
{
    private static readonly Dictionary<string, string> NoAttributes = [];

    /// <summary>The payload; empty for none. Base64 in JSON.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The attributes.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = NoAttributes;

    /// <summary>The id from Pub/Sub: the same in each delivery.</summary>
    public string? MessageId { get; init; }

    /// <summary>The publish time.</summary>
    public DateTimeOffset? PublishTime { get; init; }

    internal static PubSubMessage Read(JsonElement json) => new()
    {
        Data = json.TryGetProperty("data", out var data) && data.ValueKind != JsonValueKind.Null ? data.GetBytesFromBase64() : default,
        Attributes = json.TryGetProperty("attributes", out var attributes) && attributes.ValueKind == JsonValueKind.Object
            ? ReadAttributes(attributes)
            : NoAttributes,
        MessageId = Text(json, "messageId"),
        PublishTime = json.TryGetProperty("publishTime", out var time) && time.ValueKind != JsonValueKind.Null
            ? time.GetDateTimeOffset()
            : null,
    };

    internal static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBase64String("data"u8, Data.Span);
        if (Attributes.Count > 0)
        {
            json.WriteStartObject("attributes"u8);
            foreach (var (name, value) in Attributes)
                json.WriteString(name, value);
            json.WriteEndObject();
        }

        if (MessageId is not null)
            json.WriteString("messageId"u8, MessageId);
        if (PublishTime is { } time)
            json.WriteString("publishTime"u8, time);
        json.WriteEndObject();
    }

    private static Dictionary<string, string> ReadAttributes(JsonElement json)
    {
        var attributes = new Dictionary<string, string>();
        foreach (var attribute in json.EnumerateObject())
            attributes[attribute.Name] = attribute.Value.GetString() ?? "";
        return attributes;
    }
}
