using Google.Cloud.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <content>How far webhooks were told.</content>
internal sealed partial class FirestoreTaskStore
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>?> ListPushConfigIdsAsync(string taskId, CancellationToken cancellationToken) =>
        await FindAsync(owner: null, taskId, cancellationToken) is { } document ? TaskDocument.PushConfigsOf(document) : null;

    /// <inheritdoc/>
    public async ValueTask<PushDelivery?> ReadDeliveryAsync(string taskId, string configId, CancellationToken cancellationToken)
    {
        if (!TaskIds.IsPossible(taskId))
            return null;
        var document = await GetAsync($"read webhook {configId} of task {taskId}", PushConfigDocument.Of(Tasks.Document(taskId), configId), cancellationToken);
        return document.Exists ? Schema.Read(document, () => PushConfigDocument.ReadDelivery(taskId, document)) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<PushDelivery?> UpdateDeliveryAsync(PushDelivery read, PushDelivery changed, CancellationToken cancellationToken)
    {
        var (taskId, configId) = (read.Config.TaskId, read.Config.Id);
        var (outcome, at) = await _calls.CommitAtAsync(
            $"update webhook {configId} of task {taskId}",
            () => Database.StartBatch().Update(
                PushConfigDocument.Of(Tasks.Document(taskId), configId),
                PushConfigDocument.Changed(changed),
                Precondition.LastUpdated(PushConfigDocument.UpdatedAt(read.Revision))),
            cancellationToken);
        if (at is { } updated)
            return changed with { Config = read.Config, KeepUntil = null, Revision = PushConfigDocument.RevisionOf(updated) };
        if (outcome != CommitOutcome.Changed || await ReadDeliveryAsync(taskId, configId, cancellationToken) is not { } found)
            return null;
        // Perhaps it is this very change that stands there, and its answer was lost.
        return found == changed with { Config = read.Config, KeepUntil = null, Revision = found.Revision } ? found : null;
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
            taskId, TaskDocument.ContextOf(document), TaskDocument.OwnerOf(document), TaskDocument.IsResting(document),
            TaskDocument.KeepUntilOf(document).ToDateTimeOffset(), entries));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UnnotifiedTask>> ListUnnotifiedAsync(DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        await ListSinceAsync(
            "list tasks with webhooks to be told", TaskDocument.UnnotifiedSince, before, count, TaskDocument.ReadUnnotified, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> PostponeNotificationsAsync(UnnotifiedTask task, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner: null, task.TaskId, cancellationToken) is not { } document ||
            !document.ContainsField(TaskDocument.UnnotifiedSince) || TaskDocument.ReadUnnotified(document) != task)
            return false;
        var postponed = new Dictionary<string, object>
        {
            [TaskDocument.UnnotifiedSince] = until is { } moment ? TaskDocument.ToTimestamp(moment) : FieldValue.Delete,
        };
        return await UpdateAsync($"postpone the webhooks of task {task.TaskId}", document, postponed, cancellationToken);
    }
}
