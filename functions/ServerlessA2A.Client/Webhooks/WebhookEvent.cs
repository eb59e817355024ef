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

    /// <summary>
    /// The event's number in its task, from a <see cref="Key"/> of the task's id, a colon and the number; null for any other key, whose
    /// digits need not be an order.
    /// </summary>
    public long? Number => Key is { } key && key.StartsWith($"{TaskId}:", StringComparison.Ordinal) &&
        long.TryParse(key.AsSpan(TaskId.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
