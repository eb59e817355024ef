using Npgsql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using static ServerlessA2A.PostgreSql.Connections.Parameters;

namespace ServerlessA2A.PostgreSql.Tasks;

/// <content>Lists: an owner's tasks, a task's webhooks.</content>
internal sealed partial class PostgreSqlTaskStore
{
    /// <summary>
    /// How many tasks a list fetches at once, and so holds beside its page: a page of 32, with the one more that tells whether there are
    /// more, is one query.
    /// </summary>
    private const int ListedAtOnce = 33;

    /// <inheritdoc/>
    public async ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        var (tasks, size, total) = (new List<TaskSnapshot>(), 0L, 0);
        var after = query.After;
        for (var isFirst = true; ; isFirst = false)
        {
            // One more than the page holds: whether it is there tells whether there are more.
            var count = Math.Min(query.PageSize + 1 - tasks.Count, ListedAtOnce);
            var (found, counted) = await ListOnceAsync(
                query with { After = after, IsCounted = isFirst && query.IsCounted }, count, cancellationToken);
            total = isFirst ? counted : total;
            foreach (var task in found)
            {
                size += task.Size;
                if (tasks.Count == query.PageSize || (size > query.MaxSize && tasks.Count > 0))
                    return new TaskPage(tasks, CursorOf(tasks[^1]), total);
                tasks.Add(task);
            }

            if (found.Count < count)
                return new TaskPage(tasks, null, total);
            after = CursorOf(found[^1]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> CountUnfinishedAsync(string? owner, int limit, CancellationToken cancellationToken)
    {
        var counts = owner is null
            ? await QueryAsync("count tasks", _sql.CountUnfinished, [Now, Number(limit)], row => row.GetInt64(0), cancellationToken)
            : await QueryAsync(
                "count tasks", _sql.CountUnfinishedOfOwner, [Now, Number(limit), Text(owner)], row => row.GetInt64(0), cancellationToken);
        return (int)counts[0];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PutWebhookAsync(
        string owner, Webhook config, Action<IReadOnlyList<string>>? check, CancellationToken cancellationToken)
    {
        var what = $"store a webhook of task {config.TaskId}";
        if (!TaskIds.IsPossible(config.TaskId))
            return false;
        for (var round = 0; round < MaxRounds; round++)
        {
            long? stored = null;
            if (check is not null)
            {
                var known = await QueryAsync(
                    what, _sql.WebhooksStored, [Text(config.TaskId), Text(owner), Now], row =>
                    (Stored: row.GetInt64(0), Ids: row.GetTexts(1)), cancellationToken);
                if (known is not [var found])
                    return false;
                check(found.Ids);
                stored = found.Stored;
            }

            // What was checked holds for the task as it was read. A statement whose answer was lost has changed it too: the webhook is
            // among those that are there then, and takes its own place.
            Column[] columns = [Text(config.TaskId), Text(owner), Now, .. TaskRow.ToColumns(config), Text(_newId()), Number(stored)];
            if (await ExecuteAsync(what, _sql.PutWebhook, columns, cancellationToken) > 0)
                return true;
            if (check is null)
                return false;
        }

        throw new TaskStoreException($"PostgreSQL could not {what}: the task changed {MaxRounds} times.", isTransient: true);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Webhook>?> ListWebhooksAsync(string owner, string taskId, CancellationToken cancellationToken)
    {
        if (!TaskIds.IsPossible(taskId))
            return null;
        var found = await QueryAsync(
            $"list the webhooks of task {taskId}", _sql.Webhooks, [Text(taskId), Text(owner), Now],
            row => row.IsDBNull(0) ? null : TaskRow.ReadWebhook(taskId, row), cancellationToken);
        return found is [] ? null : [.. found.OfType<Webhook>().OrderBy(config => config.Id, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteWebhookAsync(string owner, string taskId, string webhookId, CancellationToken cancellationToken)
    {
        if (!TaskIds.IsPossible(taskId))
            return false;
        var tasks = await QueryAsync(
            $"end a webhook of task {taskId}", _sql.DeleteWebhook, [Text(taskId), Text(owner), Text(webhookId), Now], row =>
            row.GetInt64(0), cancellationToken);
        return tasks[0] > 0;
    }

    private static TaskCursor CursorOf(TaskSnapshot task) => new(task.StatusAt, task.ExpireAt, task.Id);

    /// <summary>So many tasks and, in the same round trip, how many there are in all; 0 where they are not to be counted.</summary>
    private Task<(List<TaskSnapshot> Tasks, int Total)> ListOnceAsync(TaskQuery query, int count, CancellationToken cancellationToken)
    {
        Column[] filters =
        [
            Text(query.Owner), Now,
            .. query.ContextId is null ? [] : new Column[] { Text(query.ContextId) },
            .. query.State is { } state ? new Column[] { Text(TaskStateNames.ToName(state)) } : [],
            .. query.StatusSince is { } since ? new Column[] { Moment(RoundUp(since)) } : [],
        ];
        Column[] place = query.After is { } after ? [Moment(after.StatusAt), Moment(after.ExpireAt), Text(after.TaskId)] : [];
        return _database.CallAsync("list tasks", async (connection, tried) =>
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(StatementOf(query, counts: false)).With([.. filters, .. place, Number(count)]));
            if (query.IsCounted)
                batch.BatchCommands.Add(new NpgsqlBatchCommand(StatementOf(query, counts: true)).With(filters));
            await using var row = await batch.ExecuteReaderAsync(tried);
            var tasks = new List<TaskSnapshot>();
            while (await row.ReadAsync(tried))
                tasks.Add(TaskRow.ReadSnapshot(row));
            var isCounted = await row.NextResultAsync(tried) && await row.ReadAsync(tried);
            return (tasks, isCounted ? (int)row.GetInt64(0) : 0);
        }, cancellationToken);
    }

    private string StatementOf(TaskQuery query, bool counts) => _sql.List(
        query.ContextId is not null, query.State is not null, query.IncludesReplied, query.StatusSince is not null, query.After is not null,
        counts);

    /// <summary>
    /// PostgreSQL cuts to microseconds, and would list what is earlier by less than one. After the last microsecond there is none.
    /// </summary>
    private static DateTimeOffset RoundUp(DateTimeOffset moment)
    {
        var beyond = moment.UtcTicks % TimeSpan.TicksPerMicrosecond;
        return beyond == 0 || moment.UtcTicks > DateTime.MaxValue.Ticks - TimeSpan.TicksPerMicrosecond
            ? moment
            : new DateTimeOffset(moment.UtcTicks - beyond + TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}
