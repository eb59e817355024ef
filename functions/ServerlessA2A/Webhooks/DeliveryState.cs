using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks;

/// <summary>How far a webhook was told. Changed by comparing: of two workers that change it at once, one is refused.</summary>
public sealed record DeliveryState
{
    /// <summary>The webhook.</summary>
    public required Webhook Webhook { get; init; }

    /// <summary>The number of the last event that the receiver has taken; null where it has to be told of the task as it stands first.</summary>
    public long? Delivered { get; init; }

    /// <summary>Who delivers now, or did so last.</summary>
    public string? Holder { get; init; }

    /// <summary>Until when nobody else delivers; null or past for nobody at work.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Since when each call has failed; null where the last one did not.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the receiver may be called again, where the last call has failed.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>How many calls have failed since one succeeded.</summary>
    public int Failures { get; init; }

    /// <summary>The number of the notification that was asked for to keep trying with, while calls fail; the others are let go.</summary>
    public long? Keeper { get; init; }

    /// <summary>Why the webhook is called no more; null while it is.</summary>
    public string? EndedBecause { get; init; }

    /// <summary>How long the webhook is kept from the next change on; null for as long as it was to be.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>Which state of it this is, in the store's own terms.</summary>
    public required string Revision { get; init; }

    /// <summary>Whether somebody delivers now.</summary>
    public bool IsHeld(DateTimeOffset now) => HeldUntil > now;
}
