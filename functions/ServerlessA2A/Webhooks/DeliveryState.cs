using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks;

/// <summary>
/// How far the delivery to a webhook is. Changed by comparison: of two workers that change the same state, one gets null.
/// </summary>
public sealed record DeliveryState
{
    /// <summary>The webhook.</summary>
    public required Webhook Webhook { get; init; }

    /// <summary>The number of the last event that the receiver has accepted; null where it is sent the current task first.</summary>
    public long? Delivered { get; init; }

    /// <summary>The worker that delivers, until <see cref="DueAt"/>; null for none.</summary>
    public string? Holder { get; init; }

    /// <summary>
    /// When the sweep requests a delivery: when the hold of a worker that was lost has expired, when a retry is due, or, with neither, at
    /// once and again until the task is terminal or interrupted. Null where the next event requests it.
    /// </summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When the first of the attempts failed that have failed in a row; null where the last one succeeded.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>How many attempts have failed in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Why the webhook is disabled; null where it is not.</summary>
    public string? EndedBecause { get; init; }

    /// <summary>The trace of the last delivery, as a W3C <c>traceparent</c>: a retry continues it. Null for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The last attempts.</summary>
    public DeliveryAttempts Attempts { get; init; } = DeliveryAttempts.None;

    /// <summary>Until when the store retains the webhook from the next change on; null to leave that as it is. Never read.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>Which state of the webhook this is, in the store's own terms.</summary>
    public required string Revision { get; init; }

    /// <summary>Whether no attempt may be made now: another worker holds the webhook, or the next retry is not due.</summary>
    public bool IsBlocked(DateTimeOffset now) => DueAt > now && (Holder is not null || FailingSince is not null);
}
