using Google.Cloud.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <content>How far webhooks were delivered.</content>
internal sealed partial class FirestoreTaskStore
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>?> ListWebhookIdsAsync(string taskId, CancellationToken cancellationToken) =>
        await FindAsync(owner: null, taskId, cancellationToken) is { } document ? TaskDocument.WebhooksOf(document) : null;

    /// <inheritdoc/>
    public async ValueTask<DeliveryState?> ReadDeliveryAsync(string taskId, string webhookId, CancellationToken cancellationToken)
    {
        if (!TaskIds.IsPossible(taskId))
            return null;
        var document = await GetAsync(
            $"read webhook {webhookId} of task {taskId}", WebhookDocument.Of(Tasks.Document(taskId), webhookId), cancellationToken);
        return document.Exists ? Schema.Read(document, () => WebhookDocument.ReadDelivery(taskId, document)) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<DeliveryState?> UpdateDeliveryAsync(
        DeliveryState read, DeliveryState changed, CancellationToken cancellationToken)
    {
        var (taskId, webhookId) = (read.Webhook.TaskId, read.Webhook.Id);
        var (outcome, at) = await _calls.CommitAtAsync(
            $"update webhook {webhookId} of task {taskId}",
            () => Database.StartBatch().Update(
                WebhookDocument.Of(Tasks.Document(taskId), webhookId),
                WebhookDocument.Changed(changed, ShardOf(taskId)),
                Precondition.LastUpdated(WebhookDocument.UpdatedAt(read.Revision))),
            cancellationToken);
        var after = changed with { Webhook = read.Webhook, KeepUntil = null };
        if (at is { } updated)
            return after with { Revision = WebhookDocument.RevisionOf(updated) };
        if (outcome != CommitOutcome.Changed || await ReadDeliveryAsync(taskId, webhookId, cancellationToken) is not { } found)
            return null;
        // Perhaps it is this very change that stands there, and its answer was lost.
        return found == after with { Revision = found.Revision } ? found : null;
    }

    /// <inheritdoc/>
    public async ValueTask<TaskEvents?> ReadEventsAsync(string taskId, long after, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner: null, taskId, cancellationToken) is not { } document)
            return null;
        var entries = new List<LogEntry>();
        if (after < 1)
            entries.Add(await ReadFirstAsync(document, cancellationToken));
        if (after < long.MaxValue)
            entries.AddRange(await ReadLogAsync(document.Reference, Math.Max(after, 1), cancellationToken));
        return Schema.Read(document, () => new TaskEvents(
            taskId, TaskDocument.ContextOf(document), TaskDocument.OwnerOf(document), TaskDocument.IsTerminalOrInterrupted(document),
            TaskDocument.KeepUntilOf(document).ToDateTimeOffset(), entries));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeliveryRequest>> ListDueAsync(
        DateTimeOffset now, int count, CancellationToken cancellationToken) =>
        // Those of expired tasks are settled by their delivery.
        await ListDueAsync(
            "list due webhooks", Database.CollectionGroup(WebhookDocument.Collection).Select(WebhookDocument.FieldsOfDue),
            WebhookDocument.DueAt, now, count, WebhookDocument.ReadDue, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UndeliveredTask>> ListUndeliveredAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        await ListDueTasksAsync(
            "list tasks with undelivered events", TaskDocument.UndeliveredSince, before, count, TaskDocument.ReadUndelivered,
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> PostponeDeliveriesAsync(UndeliveredTask task, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner: null, task.TaskId, cancellationToken) is not { } document ||
            !document.ContainsField(TaskDocument.UndeliveredSince) || TaskDocument.ReadUndelivered(document) != task)
            return false;
        object moment = until is { } since ? ShardOf(task.TaskId).At(since) : FieldValue.Delete;
        return await PostponeAsync(
            $"postpone the webhooks of task {task.TaskId}", document, TaskDocument.UndeliveredSince, moment, cancellationToken);
    }
}
