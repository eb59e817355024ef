using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks;

/// <summary>
/// The webhooks of tasks and how far each was delivered. Every implementation passes the same conformance suite, and is the tasks' store
/// as well (<see cref="ITaskStore"/>), since a task and its webhook are stored in one step.
/// </summary>
/// <remarks>
/// <para>
/// Next to each webhook a store holds a <see cref="DeliveryState"/> and a revision that changes with every write of either. It sets:
/// <see cref="DeliveryState.Delivered"/> = 0 for a webhook of <see cref="NewTask"/>, the number before the entry for one of
/// <see cref="NewEntry"/>, both with <see cref="DeliveryState.DueAt"/> = null; and for one of <see cref="PutWebhookAsync"/>
/// Delivered = null and DueAt = the current time. A webhook that is stored again starts anew. <see cref="UpdateDeliveryAsync"/> writes all
/// other fields as it is given them; a store neither derives nor clears any. DueAt has an index over the webhooks of all tasks, without
/// those where it is null: <see cref="ListDueAsync"/> reads it once a minute.
/// </para>
/// <para>
/// Next to each task it holds since when events may be undelivered: the time of the last entry with a snapshot whose writer knows of a
/// webhook (<see cref="Tasks.Log.TaskSnapshot.WebhookIds"/>), or of the last webhook, until <see cref="PostponeDeliveriesAsync"/> sets or
/// clears it.
/// </para>
/// <para>Expired tasks are not found. A store that cannot be reached throws <see cref="TaskStoreException"/>.</para>
/// </remarks>
public interface IWebhookStore
{
    /// <summary>Stores a webhook, in place of one with the same id. False when there is no such task.</summary>
    /// <param name="owner">Whose task it must be.</param>
    /// <param name="webhook">The webhook.</param>
    /// <param name="check">
    /// Gets the ids of the webhooks that exist at the moment of the write; what it throws is thrown, and nothing is stored. Called again
    /// where they may have changed meanwhile; the webhook's own id may be among them then. Null for no check.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<bool> PutWebhookAsync(
        string owner, Webhook webhook, Action<IReadOnlyList<string>>? check, CancellationToken cancellationToken);

    /// <summary>Reads a task's webhooks in the order of their ids; null when the owner has no such task.</summary>
    ValueTask<IReadOnlyList<Webhook>?> ListWebhooksAsync(string owner, string taskId, CancellationToken cancellationToken);

    /// <summary>Deletes a webhook; one that does not exist is no error. False when the owner has no such task.</summary>
    ValueTask<bool> DeleteWebhookAsync(string owner, string taskId, string webhookId, CancellationToken cancellationToken);

    /// <summary>Reads the ids of a task's webhooks; null when there is no such task.</summary>
    ValueTask<IReadOnlyList<string>?> ListWebhookIdsAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Reads how far a webhook was delivered; null when it does not exist. That of an expired task may still be found.</summary>
    ValueTask<DeliveryState?> ReadDeliveryAsync(string taskId, string webhookId, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a state in place of the one that was read, and returns it with its new revision; null where that has changed since, or the
    /// webhook was deleted or stored again. A write that took effect although its answer was lost is returned like any other. The webhook
    /// itself stays as it is.
    /// </summary>
    ValueTask<DeliveryState?> UpdateDeliveryAsync(DeliveryState read, DeliveryState changed, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the entries of a task's log with events after number <paramref name="after"/>; null when there is no such task.
    /// </summary>
    ValueTask<TaskEvents?> ReadEventsAsync(string taskId, long after, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the webhooks of all owners with <see cref="DeliveryState.DueAt"/> at or before <paramref name="now"/>, longest due first, as
    /// requests with number 0; at most <paramref name="count"/>. Those of an expired task may still be listed. Changes nothing.
    /// </summary>
    ValueTask<IReadOnlyList<DeliveryRequest>> ListDueAsync(DateTimeOffset now, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the tasks of all owners with events that may be undelivered since <paramref name="before"/> or earlier, longest first, at most
    /// <paramref name="count"/>.
    /// </summary>
    ValueTask<IReadOnlyList<UndeliveredTask>> ListUndeliveredAsync(DateTimeOffset before, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Lists a task again only from <paramref name="until"/> on, or, with null, after its next change. Optimistic: returns true only to the
    /// caller whose listing is still current.
    /// </summary>
    ValueTask<bool> PostponeDeliveriesAsync(UndeliveredTask task, DateTimeOffset? until, CancellationToken cancellationToken);
}
