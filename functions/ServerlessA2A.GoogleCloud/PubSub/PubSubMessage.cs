namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>A Pub/Sub message.</summary>
public sealed record PubSubMessage
{
    /// <summary>The payload; base64 in JSON.</summary>
    public byte[]? Data { get; init; }

    /// <summary>What was published along with it.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>The id that Pub/Sub gave it: the same in each delivery.</summary>
    public string? MessageId { get; init; }

    /// <summary>When it was published.</summary>
    public DateTimeOffset? PublishTime { get; init; }
}
