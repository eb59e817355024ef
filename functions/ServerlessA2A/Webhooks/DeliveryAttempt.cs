namespace ServerlessA2A.Webhooks;

/// <summary>One attempt to deliver to a webhook.</summary>
/// <param name="At">When it began: UTC, milliseconds.</param>
/// <param name="Seq">The number of the last event that it was to deliver.</param>
/// <param name="Duration">How long it took, in milliseconds.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, long Seq, TimeSpan Duration)
{
    /// <summary>The HTTP status of the answer; null for none.</summary>
    public int? Status { get; init; }

    /// <summary>
    /// Why there was no answer, or why the request was not sent: a sentence of at most 200 characters, without content or credentials.
    /// Null where there was an answer.
    /// </summary>
    public string? Error { get; init; }
}
