namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>How a call of a webhook ended: with a <see cref="Status"/> or with a <see cref="Fault"/>.</summary>
internal sealed record WebhookAnswer
{
    /// <summary>The HTTP status; null where there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>How long the receiver asks to be left alone, up to a day; null where it doesn't.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why there was no answer: a sentence for logs, without what the call or the answer held; null where there was one.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether it was not sent and never will be: the address or a header is not allowed.</summary>
    public bool IsRefused { get; init; }
}
