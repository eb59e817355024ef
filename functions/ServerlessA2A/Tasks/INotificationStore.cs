using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>What deliveries need of tasks and their webhooks. Every implementation passes the same conformance suite.</summary>
/// <remarks>What is expired is not found. A store that can't be reached throws <see cref="TaskStoreException"/>.</remarks>
public interface INotificationStore
{
    /// <summary>The ids of a task's webhooks; null when the task is not there.</summary>
    ValueTask<IReadOnlyList<string>?> ListPushConfigIdsAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Reads how far a webhook was told; null when it is not there. That of an expired task may be found still.</summary>
    ValueTask<PushDelivery?> ReadDeliveryAsync(string taskId, string configId, CancellationToken cancellationToken);

    /// <summary>Changes it, if it still is as it was read, and answers the new state; null where it has changed since or is gone. The webhook itself stays as it is.</summary>
    ValueTask<PushDelivery?> UpdateDeliveryAsync(PushDelivery read, PushDelivery changed, CancellationToken cancellationToken);

    /// <summary>The entries of a task's log that are there and hold events after number <paramref name="after"/>; null when the task is not there.</summary>
    ValueTask<TaskEvents?> ReadEventsAsync(string taskId, long after, CancellationToken cancellationToken);

    /// <summary>Tasks of all owners with webhooks, to which something was appended by <paramref name="before"/> and whose webhooks nobody has looked after since; longest first, at most so many.</summary>
    ValueTask<IReadOnlyList<UnnotifiedTask>> ListUnnotifiedAsync(DateTimeOffset before, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a task count as looked after until then, or, with null, until something is appended. Of several who do it with what they have
    /// listed, one gets true; false too where the task has gone on since.
    /// </summary>
    ValueTask<bool> PostponeNotificationsAsync(UnnotifiedTask task, DateTimeOffset? until, CancellationToken cancellationToken);
}
