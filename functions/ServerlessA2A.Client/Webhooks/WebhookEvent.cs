using System.Globalization;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Client.Webhooks;

/// <summary>A delivery to a webhook.</summary>
public sealed record WebhookEvent
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The event: the current task, or a change of it.</summary>
    public required StreamResponse Item { get; init; }

    /// <summary>The version of the delivery.</summary>
    public required ProtocolVersion Version { get; init; }

    /// <summary>The delivery's Idempotency-Key; null where the agent sends none.</summary>
    public string? Key { get; init; }

    /// <summary>The event's number in its task, from <see cref="Key"/>; null where the agent sends none.</summary>
    public long? Number => Key is { } key && key.LastIndexOf(':') is > 0 and var colon &&
        long.TryParse(key.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
