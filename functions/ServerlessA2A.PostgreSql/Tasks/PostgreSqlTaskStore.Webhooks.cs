using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Delivery;
using static ServerlessA2A.PostgreSql.Connections.Parameters;

namespace ServerlessA2A.PostgreSql.Tasks;

/// <content>Deliveries to webhooks.</content>
internal sealed partial class PostgreSqlTaskStore
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>?> ListWebhookIdsAsync(string taskId, CancellationToken cancellationToken)
    {
        if (!TaskIds.IsPossible(taskId))
            return null;
        var found = await QueryAsync(
            $"list the webhooks of task {taskId}", _sql.WebhookIds, [Text(taskId), Now], row => row.GetTexts(0), cancellationToken);
        return found.SingleOrDefault();
    }

    /// <inheritdoc/>
    public async ValueTask<DeliveryState?> ReadDeliveryAsync(string taskId, string webhookId, CancellationToken cancellationToken)
    {
        if (!TaskIds.IsPossible(taskId))
            return null;
        var found = await QueryAsync(
            $"read webhook {webhookId} of task {taskId}", _sql.Delivery, [Text(taskId), Text(webhookId)], row =>
            TaskRow.ReadDelivery(taskId, row), cancellationToken);
        return found.SingleOrDefault();
    }

    /// <inheritdoc/>
    /// <remarks>A webhook is deleted with its task, so <see cref="DeliveryState.KeepUntil"/> changes nothing.</remarks>
    public async ValueTask<DeliveryState?> UpdateDeliveryAsync(
        DeliveryState read, DeliveryState changed, CancellationToken cancellationToken)
    {
        var (taskId, webhookId, revision) = (read.Webhook.TaskId, read.Webhook.Id, _newId());
        Column[] columns =
        [
            Text(taskId), Text(webhookId), Text(read.Revision), Number(changed.Delivered), Text(changed.Holder), Moment(changed.DueAt),
            Moment(changed.FailingSince), Count(changed.Failures), Text(changed.EndedBecause), Text(revision), Text(changed.TraceParent),
            Bytes(changed.Attempts.Count == 0 ? default(ReadOnlyMemory<byte>?) : AttemptsJson.Write(changed.Attempts)),
        ];
        var after = changed with { Webhook = read.Webhook, KeepUntil = null, Revision = revision };
        if (await ExecuteAsync($"update webhook {webhookId} of task {taskId}", _sql.UpdateDelivery, columns, cancellationToken) > 0)
            return after;
        // Perhaps it is this very change that is there, and its answer was lost.
        return await ReadDeliveryAsync(taskId, webhookId, cancellationToken) is { } found && found.Revision == revision ? after : null;
    }

    /// <inheritdoc/>
    public async ValueTask<TaskEvents?> ReadEventsAsync(string taskId, long after, CancellationToken cancellationToken) =>
        await ReadLogAsync($"read the log of task {taskId}", taskId, after, cancellationToken) is { } log
            ? new TaskEvents(
                taskId, log.ContextId, log.Owner, TaskRow.IsTerminalOrInterrupted(log.State), log.ExpireAt + (log.ExpireAt - log.StatusAt),
                log.Entries)
            : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeliveryRequest>> ListDueAsync(
        DateTimeOffset now, int count, CancellationToken cancellationToken) =>
        await QueryAsync(
            "list due webhooks", _sql.Due, [Moment(now), Number(count)], row =>
            new DeliveryRequest(row.GetEscaped(0), 0, row.GetEscaped(1)) { TraceParent = row.GetTextOrNull(2) }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UndeliveredTask>> ListUndeliveredAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        await QueryAsync(
            "list tasks with notifications to deliver", _sql.Unnotified, [Moment(before), Now, Number(count)],
            row => new UndeliveredTask(row.GetEscaped(0), row.GetMoment(1), row.GetInt64(2)) { TraceParent = row.GetTextOrNull(3) },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> PostponeDeliveriesAsync(
        UndeliveredTask task, DateTimeOffset? until, CancellationToken cancellationToken) =>
        await PostponeAsync(
            $"postpone the webhooks of task {task.TaskId}", _sql.PostponeNotifications,
            [Text(task.TaskId), Moment(until), Moment(task.Since), Number(task.Seq), Now], cancellationToken);
}
