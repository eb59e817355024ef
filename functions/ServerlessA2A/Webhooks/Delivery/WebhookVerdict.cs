namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>What an answer of a webhook means for the next call.</summary>
internal enum WebhookVerdict
{
    /// <summary>The receiver has taken it: 2xx.</summary>
    Taken,

    /// <summary>It may take it later: 408, 429, 5xx, no answer.</summary>
    TryAgain,

    /// <summary>It will not take it: any other answer, or an address that may not be called.</summary>
    Refused,
}
