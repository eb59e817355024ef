using Google.Cloud.Firestore;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <content>Lists: an owner's tasks, a task's webhooks.</content>
internal sealed partial class FirestoreTaskStore
{
    /// <summary>
    /// The number of documents that a list fetches at once, and so holds beside its page. Each may have 1 MiB, of an instance's 512 MiB. A
    /// page of 32, with the one extra document that shows whether there are more, is one query.
    /// </summary>
    private const int ListedAtOnce = 33;

    private static readonly string[] States =
        [.. Enum.GetValues<TaskState>().Where(state => state != TaskState.Unspecified).Select(TaskStateNames.ToName)];

    /// <inheritdoc/>
    public async ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        var all = Matching(query);
        var rest = query.After is { } after
            ? all.StartAfter(
                TaskDocument.ToTimestamp(after.StatusAt), TaskDocument.ToTimestamp(after.ExpireAt), Tasks.Document(after.TaskId))
            : all;
        var listing = ReadPageAsync(query, rest, cancellationToken);
        var counting = query.IsCounted ? CountAsync(all, cancellationToken) : Task.FromResult(0);
        // Wait for both, so that the failure of one leaves no unobserved exception of the other.
        await Task.WhenAll(listing, counting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var (tasks, hasMore) = await listing;
        return new TaskPage(tasks, hasMore ? new TaskCursor(tasks[^1].StatusAt, tasks[^1].ExpireAt, tasks[^1].Id) : null, await counting);
    }

    /// <summary>The tasks of a page, and whether there are more.</summary>
    private async Task<(List<TaskSnapshot> Tasks, bool HasMore)> ReadPageAsync(
        TaskQuery query, Query rest, CancellationToken cancellationToken)
    {
        var tasks = new List<TaskSnapshot>();
        var size = 0L;
        while (true)
        {
            // One more than the page: its existence shows that there are more.
            var count = Math.Min(query.PageSize + 1 - tasks.Count, ListedAtOnce);
            var found = await QueryAsync("list tasks", rest.Limit(count), cancellationToken);
            foreach (var document in found)
            {
                if (tasks.Count == query.PageSize)
                    return (tasks, true);
                var task = await ReadSnapshotAsync(document, cancellationToken);
                size += task.Size;
                if (size > query.MaxSize && tasks.Count > 0)
                    return (tasks, true);
                tasks.Add(task);
            }

            if (found.Count < count)
                return (tasks, false);
            rest = rest.StartAfter(found[^1]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> CountUnfinishedAsync(string? owner, int limit, CancellationToken cancellationToken)
    {
        var unfinished = Tasks.WhereIn(TaskDocument.UnfinishedIn, Shard.All);
        if (owner is not null)
            unfinished = unfinished.WhereEqualTo(TaskDocument.Owner, owner);
        // Skip expired documents that TTL has not deleted yet: they finished long ago, or wait for an answer that can no longer arrive.
        var counted = unfinished.WhereGreaterThan(TaskDocument.ExpireAt, TaskDocument.ToTimestamp(_time.GetUtcNow()));
        return await CountAsync(counted.Limit(limit), cancellationToken);
    }

    /// <summary>Counting is billed one read per thousand tasks.</summary>
    private async Task<int> CountAsync(Query all, CancellationToken cancellationToken)
    {
        var counted = await _calls.ReadAsync("count", "count tasks", all.Count().GetSnapshotAsync, cancellationToken, isLong: true);
        var total = (int)counted.Count!.Value;
        GoogleCloudTelemetry.Read(1 + (total / 1000));
        return total;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PutWebhookAsync(
        string owner, Webhook webhook, Action<IReadOnlyList<string>>? check, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await FindAsync(owner, webhook.TaskId, cancellationToken) is not { } document)
                return false;
            check?.Invoke(Schema.Read(document, () => TaskDocument.WebhooksOf(document)));
            // What was checked holds for the document as it was read. A commit whose answer was lost has changed it too: the webhook is
            // among those that are there then, and takes its own place.
            var asRead = check is null ? null : Precondition.LastUpdated(document.UpdateTime!.Value);
            var keepUntil = Schema.Read(document, () => TaskDocument.KeepUntilOf(document));
            var outcome = await _calls.CommitAsync(
                $"store a webhook of task {webhook.TaskId}",
                () => WithWebhook(
                    Database.StartBatch().Update(
                        document.Reference, TaskDocument.WithWebhook(webhook, ShardOf(webhook.TaskId), _time.GetUtcNow()), asRead),
                    document.Reference, webhook, delivered: null, dueAt: _time.GetUtcNow(), keepUntil),
                cancellationToken);
            if (outcome == CommitOutcome.Committed)
                return true;
        }

        throw new TaskStoreException(
            $"Firestore could not store a webhook of task {webhook.TaskId}: the task changed {MaxRounds} times.", isTransient: true);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Webhook>?> ListWebhooksAsync(string owner, string taskId, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner, taskId, cancellationToken) is not { } document)
            return null;
        var found = await QueryAsync(
            $"list the webhooks of task {taskId}", WebhookDocument.CollectionOf(document.Reference), cancellationToken);
        return [.. found.Select(webhook => Schema.Read(webhook, () => WebhookDocument.Read(taskId, webhook)))
            .OrderBy(webhook => webhook.Id, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteWebhookAsync(string owner, string taskId, string webhookId, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner, taskId, cancellationToken) is not { } document)
            return false;
        await _calls.CommitAsync(
            $"end a webhook of task {taskId}",
            () => Database.StartBatch()
                .Delete(WebhookDocument.Of(document.Reference, webhookId))
                .Update(document.Reference, new Dictionary<string, object> { [TaskDocument.Webhooks] = FieldValue.ArrayRemove(webhookId) }),
            cancellationToken);
        return true;
    }

    /// <summary>
    /// The query for lists and counts, in the list's order. It always has the same two ranges and the same order. An owner's tasks may be
    /// all that there are, so their index has shards; a context's are few, and each of its queries has a state, except for the agent's
    /// memory, which includes replied tasks. So lists and counts need three indexes, and memory needs one.
    /// </summary>
    private Query Matching(TaskQuery query)
    {
        Query matching = Tasks.WhereEqualTo(TaskDocument.Owner, query.Owner);
        matching = query.ContextId is { } contextId
            ? matching.WhereEqualTo(TaskDocument.ContextId, contextId)
            : matching.WhereIn(TaskDocument.ListedIn, Shard.All);
        if (query.State is { } state)
            matching = matching.WhereEqualTo(TaskDocument.State, TaskStateNames.ToName(state));
        else if (query.ContextId is not null && !query.IncludesReplied)
            matching = matching.WhereIn(TaskDocument.State, States);
        return matching
            .WhereGreaterThanOrEqualTo(
                TaskDocument.StatusAt, TaskDocument.ToTimestamp(RoundUp(query.StatusSince ?? DateTimeOffset.UnixEpoch)))
            .WhereGreaterThan(TaskDocument.ExpireAt, TaskDocument.ToTimestamp(_time.GetUtcNow()))
            .OrderByDescending(TaskDocument.StatusAt).OrderByDescending(TaskDocument.ExpireAt).OrderByDescending(FieldPath.DocumentId);
    }

    /// <summary>Rounds up to microseconds: Firestore truncates, and would include slightly earlier tasks.</summary>
    private static DateTimeOffset RoundUp(DateTimeOffset moment)
    {
        var beyond = moment.UtcTicks % TimeSpan.TicksPerMicrosecond;
        return beyond == 0 || moment.UtcTicks > DateTime.MaxValue.Ticks - TimeSpan.TicksPerMicrosecond
            ? moment
            : new DateTimeOffset(moment.UtcTicks - beyond + TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}
