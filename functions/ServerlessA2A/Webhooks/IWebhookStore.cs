using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks;

/// <summary>What deliveries need of tasks and their webhooks. Every implementation passes the same conformance suite.</summary>
/// <remarks>What is expired is not found. A store that can't be reached throws <see cref="TaskStoreException"/>.</remarks>
public interface IWebhookStore
{
    /// <summary>Stores a webhook, in place of one with the same id. False when there is no such task.</summary>
    /// <param name="owner">Whose task it must be.</param>
    /// <param name="webhook">The webhook.</param>
    /// <param name="check">
    /// Gets the ids of those that are there just when the webhook is stored; what it throws is thrown, and nothing is stored. Asked again
    /// where they may have changed meanwhile; the webhook's own id may be among them then. Null for no such check.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<bool> PutWebhookAsync(string owner, Webhook webhook, Action<IReadOnlyList<string>>? check, CancellationToken cancellationToken);

    /// <summary>Reads a task's webhooks in the order of their ids; null when the owner has no such task.</summary>
    ValueTask<IReadOnlyList<Webhook>?> ListWebhooksAsync(string owner, string taskId, CancellationToken cancellationToken);

    /// <summary>Ends a webhook; one that is not there is no error. False when the owner has no such task.</summary>
    ValueTask<bool> DeleteWebhookAsync(string owner, string taskId, string webhookId, CancellationToken cancellationToken);

    /// <summary>The ids of a task's webhooks; null when the task is not there.</summary>
    ValueTask<IReadOnlyList<string>?> ListWebhookIdsAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Reads how far a webhook was told; null when it is not there. That of an expired task may be found still.</summary>
    ValueTask<DeliveryState?> ReadDeliveryAsync(string taskId, string webhookId, CancellationToken cancellationToken);

    /// <summary>Changes it, if it still is as it was read, and answers the new state; null where it has changed since or is gone. The webhook itself stays as it is.</summary>
    ValueTask<DeliveryState?> UpdateDeliveryAsync(DeliveryState read, DeliveryState changed, CancellationToken cancellationToken);

    /// <summary>The entries of a task's log that are there and hold events after number <paramref name="after"/>; null when the task is not there.</summary>
    ValueTask<TaskEvents?> ReadEventsAsync(string taskId, long after, CancellationToken cancellationToken);

    /// <summary>Tasks of all owners with webhooks, to which something was appended by <paramref name="before"/> and whose webhooks nobody has looked after since; longest first, at most so many.</summary>
    ValueTask<IReadOnlyList<UndeliveredTask>> ListUndeliveredAsync(DateTimeOffset before, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a task count as looked after until then, or, with null, until something is appended. Of several who do it with what they have
    /// listed, one gets true; false too where the task has gone on since.
    /// </summary>
    ValueTask<bool> PostponeDeliveriesAsync(UndeliveredTask task, DateTimeOffset? until, CancellationToken cancellationToken);
}
