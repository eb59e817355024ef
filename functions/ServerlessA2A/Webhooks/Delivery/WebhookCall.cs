namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>What a webhook is to be told: one POST.</summary>
internal sealed record WebhookCall
{
    /// <summary>The webhook's address.</summary>
    public required Uri Url { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body's media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>The headers, as they are sent; none is added but those that frame the request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
