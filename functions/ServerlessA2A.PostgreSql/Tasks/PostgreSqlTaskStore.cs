using System.Security.Cryptography;
using System.Text;
using Npgsql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Stored;
using ServerlessA2A.Webhooks;
using static ServerlessA2A.PostgreSql.Connections.Parameters;

namespace ServerlessA2A.PostgreSql.Tasks;

/// <summary>
/// Tasks in PostgreSQL. One statement is one step: an entry is inserted together with the snapshot that it leads to, and a task is made
/// with its claim; whoever comes second inserts no row. Nothing is locked between two calls.
/// </summary>
/// <remarks>
/// A statement whose answer is lost is sent again. It then fails because of itself, which the store recognizes by the mark that each entry
/// and each change of a delivery carries.
/// </remarks>
internal sealed partial class PostgreSqlTaskStore : ITaskStore, IWebhookStore, ITaskExpiry
{
    private const int MaxRounds = 20;

    /// <summary>How long an expired task stays: an instance whose clock is behind may still append to it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private readonly Database _database;
    private readonly Changes _changes;
    private readonly TimeProvider _time;
    private readonly IdSource _newId;
    private readonly TaskStatements _sql;

    /// <param name="database">The database; nothing is asked of it before the first call.</param>
    /// <param name="changes">Wakes those who watch.</param>
    /// <param name="time">The clock: what is expired.</param>
    /// <param name="newId">Names appends and changes of deliveries.</param>
    public PostgreSqlTaskStore(Database database, Changes changes, TimeProvider time, IdSource newId)
    {
        (_database, _changes, _time, _newId) = (database, changes, time, newId);
        _sql = new TaskStatements(database.Schema);
    }

    private Column Now => Moment(_time.GetUtcNow());

    /// <inheritdoc/>
    public async ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken)
    {
        var snapshot = task.Snapshot;
        var (id, what) = (snapshot.Id, $"create task {snapshot.Id}");
        var claim = task.ContentHash is null ? null : ClaimOf(snapshot.Owner, task.MessageId);
        Column[] columns =
        [
            Text(id), Text(snapshot.Owner), Text(snapshot.Task.ContextId), Text(TaskRow.StateOf(snapshot)), Moment(snapshot.StatusAt),
            Moment(snapshot.ExpireAt),
            Number(snapshot.Seq), Moment(task.First.At), Bytes(StoredTask.WriteEvents(task.First)),
            Bytes(StoredTask.WriteSnapshot(snapshot)),
            Moment(snapshot.UnattendedSince), Bytes(claim), Text(task.ContentHash), Text(snapshot.TraceParent),
        ];
        var statement = _sql.Create;
        if (task.Webhook is { } config)
            (statement, columns) = (_sql.CreateWithWebhook, [.. columns, .. TaskRow.ToColumns(config), Text(_newId())]);

        for (var round = 0; round < MaxRounds; round++)
        {
            if (await ExecuteAsync(what, statement, columns, cancellationToken) > 0)
                return null;
            // Nobody else makes a task with this id: without a claim, it exists only because the answer to an earlier try was lost.
            if (claim is null)
                return null;
            var claimant = await QueryAsync(
                $"read the claim of task {id}", _sql.Claimant, [Bytes(claim), Now],
                row => (TaskId: row.GetEscaped(0), ContentHash: row.GetTextOrNull(1), IsThere: row.GetBoolean(2)), cancellationToken);
            if (claimant is [var found])
            {
                if (found.TaskId == id)
                    return null;
                if (found.IsThere)
                    return new Claim(found.TaskId, found.ContentHash);
                await ExecuteAsync(
                    $"release the claim of task {found.TaskId}", _sql.ReleaseClaim, [Text(found.TaskId), Bytes(claim), Now],
                    cancellationToken);
            }
        }

        throw new TaskStoreException($"PostgreSQL could not create task {id}: its claim changed {MaxRounds} times.", isTransient: true);
    }

    /// <inheritdoc/>
    public async ValueTask<Claim?> FindClaimAsync(string owner, string messageId, CancellationToken cancellationToken)
    {
        var claims = await QueryAsync(
            "read a claim", _sql.FindClaim, [Bytes(ClaimOf(owner, messageId)), Now], row =>
            new Claim(row.GetEscaped(0), row.GetTextOrNull(1)), cancellationToken);
        return claims.SingleOrDefault();
    }

    /// <inheritdoc/>
    public async ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken)
    {
        if (!TaskIds.IsPossible(taskId))
            return null;
        return await _database.CallAsync($"read task {taskId}", async (connection, tried) =>
        {
            await using var command = owner is null
                ? new NpgsqlCommand(_sql.Read, connection).With(Text(taskId), Now)
                : new NpgsqlCommand(_sql.ReadOfOwner, connection).With(Text(taskId), Now, Text(owner));
            await using var row = await command.ExecuteReaderAsync(tried);
            if (!await row.ReadAsync(tried))
                return null;
            var task = TaskRow.ReadSnapshot(row);
            var entries = new List<LogEntry>();
            while (await row.ReadAsync(tried))
                entries.Add(TaskRow.ReadEntry(taskId, row, 16));
            return StoredTask.Fold(task, entries);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Task.ExpireAt <= _time.GetUtcNow())
            return AppendOutcome.NotFound;
        var (taskId, first, writer) = (entry.TaskId, entry.Entry.First, _newId());
        Column[] columns =
            [Text(taskId), Number(first), Number(entry.Entry.Last), Moment(entry.Entry.At), Bytes(StoredTask.WriteEvents(entry.Entry)),
                Text(writer)];
        var statement = _sql.Append;
        if (entry.Snapshot is { } snapshot)
            (statement, columns) = (StatementOf(entry), [.. columns, .. ColumnsOf(entry, snapshot)]);

        var isChunk = entry.Snapshot is null;
        var appended = false;
        try
        {
            // Two transactions in one round trip. Commits that notify wait for each other, to the disk and back: the entry is not among
            // them.
            appended = await _database.CallAsync($"append entry {first} to task {taskId}", async (connection, tried) =>
            {
                await using var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true };
                batch.BatchCommands.Add(new NpgsqlBatchCommand(statement).With(columns));
                batch.BatchCommands.Add(_changes.Notification(taskId, isChunk));
                await batch.ExecuteNonQueryAsync(tried);
                return batch.BatchCommands[0].RecordsAffected > 0;
            }, cancellationToken);
        }
        finally
        {
            // Also after a failure, whose answer may be all that was lost.
            _changes.Wake(taskId, isChunk);
        }

        if (!appended)
        {
            var writers = await QueryAsync(
                $"read entry {first} of task {taskId}", _sql.Writer, [Text(taskId), Number(first)], row =>
                row.GetEscaped(0), cancellationToken);
            if (writers is [])
                return AppendOutcome.NotFound;
            if (writers is [var found] && found != writer)
                return AppendOutcome.Conflict;
        }

        return AppendOutcome.Appended;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewLeaseAsync(string taskId, string runId, DateTimeOffset until, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            $"renew the lease of task {taskId}", _sql.RenewLease, [Text(taskId), Text(runId), Moment(until), Now], cancellationToken) > 0;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        await QueryAsync(
            "list unattended tasks", _sql.Unattended, [Moment(before), Now, Number(count)],
            row => new UnattendedTask(row.GetEscaped(0), row.GetMoment(1), row.GetMoment(2)) { TraceParent = row.GetTextOrNull(3) },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken) =>
        await PostponeAsync(
            $"postpone task {task.TaskId}", _sql.Postpone,
            [Text(task.TaskId), Moment(until), Moment(task.Since), Moment(task.StatusAt), Now], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> DeleteExpiredAsync(int count, CancellationToken cancellationToken)
    {
        var deleted = await QueryAsync(
            "delete expired tasks", _sql.DeleteExpired(count), [Moment(_time.GetUtcNow() - Grace)], row =>
            row.GetInt64(0), cancellationToken);
        return (int)deleted[0];
    }

    private string StatementOf(NewEntry entry) => (entry.KeepsLease, entry.Webhook) switch
    {
        (false, null) => _sql.AppendWithSnapshot,
        (true, null) => _sql.AppendKeepingLease,
        (false, _) => _sql.AppendWithWebhook,
        (true, _) => _sql.AppendWithWebhookKeepingLease,
    };

    private static Column[] ColumnsOf(NewEntry entry, TaskSnapshot snapshot)
    {
        Column[] task =
        [
            Text(TaskRow.StateOf(snapshot)), Moment(snapshot.StatusAt), Moment(snapshot.ExpireAt), Number(snapshot.Seq),
            Bytes(StoredTask.WriteSnapshot(snapshot)),
            Count(snapshot.AddedMessages), Text(snapshot.TraceParent),
        ];
        Column[] lease = entry.KeepsLease
            ? []
            : [Text(snapshot.Lease?.RunId), Moment(snapshot.Lease?.Until), Count(snapshot.Lease?.Attempt),
                Moment(snapshot.UnattendedSince)];
        return [.. task, .. lease, .. entry.Webhook is { } config ? TaskRow.ToColumns(config) : []];
    }

    /// <summary>The key of a claim: the same for the same owner and message only.</summary>
    private static byte[] ClaimOf(string owner, string messageId) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.Length}:{owner}{messageId}"));

    /// <summary>Executes a statement, and answers how many rows it has changed.</summary>
    private Task<int> ExecuteAsync(string what, string sql, Column[] parameters, CancellationToken cancellationToken) =>
        _database.CallAsync(what, async (connection, tried) =>
        {
            await using var command = new NpgsqlCommand(sql, connection).With(parameters);
            return await command.ExecuteNonQueryAsync(tried);
        }, cancellationToken);

    /// <summary>
    /// Executes a statement that postpones a task, and answers whether it was this call that did. Only a second try takes what is postponed
    /// as it wants for its own change, whose answer was lost.
    /// </summary>
    private async Task<bool> PostponeAsync(string what, string sql, Column[] parameters, CancellationToken cancellationToken)
    {
        var isRepeated = false;
        return await _database.CallAsync(what, async (connection, tried) =>
        {
            await using var command = new NpgsqlCommand(sql, connection).With([.. parameters, Flag(isRepeated)]);
            isRepeated = true;
            return await command.ExecuteNonQueryAsync(tried);
        }, cancellationToken) > 0;
    }

    private Task<List<T>> QueryAsync<T>(
        string what, string sql, Column[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        _database.CallAsync(what, async (connection, tried) =>
        {
            await using var command = new NpgsqlCommand(sql, connection).With(parameters);
            await using var row = await command.ExecuteReaderAsync(tried);
            var rows = new List<T>();
            while (await row.ReadAsync(tried))
                rows.Add(read(row));
            return rows;
        }, cancellationToken);
}
