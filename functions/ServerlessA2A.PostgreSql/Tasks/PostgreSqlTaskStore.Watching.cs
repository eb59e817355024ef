using System.Runtime.CompilerServices;
using Npgsql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using static ServerlessA2A.PostgreSql.Connections.Parameters;

namespace ServerlessA2A.PostgreSql.Tasks;

/// <content>Watching: whoever is woken reads (<see cref="Changes"/>).</content>
internal sealed partial class PostgreSqlTaskStore
{
    /// <summary>The longest that a timer of a watch runs: a watch reads much more often anyway.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogEntry> WatchAsync(
        string taskId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !TaskIds.IsPossible(taskId))
            yield break;
        // It begins before the first read: what is appended after that wakes it.
        using var watch = _changes.Begin(taskId);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await UnlessCancelledAsync(
                ReadLogAsync($"watch task {taskId}", taskId, after, cancellationToken), cancellationToken) is not { } log)
                yield break;
            foreach (var entry in log.Entries)
            {
                if (entry.First > after + 1)
                    throw new TaskStoreException(
                        $"Task {taskId}: the events {after + 1} to {entry.First - 1} are not kept any more.", isTransient: false);
                after = entry.Last;
                yield return entry;
            }

            // What was appended since then has woken it.
            await NextAsync(watch, log.ExpireAt, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<TaskSnapshot?> WaitForRunChangeAsync(
        string taskId, string runId, int knownMessages, CancellationToken cancellationToken)
    {
        var changed = await WaitForAsync(taskId, found => found.RunId != runId || found.AddedMessages > knownMessages, cancellationToken);
        return changed?.Lease?.RunId == runId ? changed : null;
    }

    /// <inheritdoc/>
    public Task<TaskSnapshot?> WaitUntilTerminalOrInterruptedAsync(string taskId, CancellationToken cancellationToken) =>
        WaitForAsync(taskId, found => TaskRow.IsTerminalOrInterrupted(found.State), cancellationToken);

    /// <summary>The task when it is so; null when the wait is cancelled or the task is not there (any more).</summary>
    private async Task<TaskSnapshot?> WaitForAsync(string taskId, Func<Progress, bool> isSo, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !TaskIds.IsPossible(taskId))
            return null;
        // A chunk does not change the task's row.
        using var watch = _changes.Begin(taskId, ignoresChunks: true);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await UnlessCancelledAsync(ReadProgressAsync(taskId, cancellationToken), cancellationToken) is not { } found)
                return null;
            if (isSo(found))
                return await UnlessCancelledAsync(ReadAsync(owner: null, taskId, cancellationToken).AsTask(), cancellationToken);
            await NextAsync(watch, found.ExpireAt, cancellationToken);
        }

        return null;
    }

    /// <summary>Waits until there may be something to read, or the task expires.</summary>
    private async Task NextAsync(Changes.Watch watch, DateTimeOffset expireAt, CancellationToken cancellationToken)
    {
        var left = expireAt - _time.GetUtcNow();
        if (left <= TimeSpan.Zero)
            return;
        using var expiry = new CancellationTokenSource(left < LongestTimer ? left : LongestTimer, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        await watch.NextAsync(either.Token);
    }

    private async Task<Progress?> ReadProgressAsync(string taskId, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(
            $"watch task {taskId}", _sql.Progress, [Text(taskId), Now],
            row => new Progress(row.GetString(0), row.GetTextOrNull(1), row.GetInt32(2), row.GetMoment(3)), cancellationToken);
        return found.SingleOrDefault();
    }

    private async Task<Log?> ReadLogAsync(string what, string taskId, long after, CancellationToken cancellationToken)
    {
        if (!TaskIds.IsPossible(taskId))
            return null;
        return await _database.CallAsync(what, async (connection, tried) =>
        {
            await using var command = new NpgsqlCommand(_sql.Log, connection)
                .With(Text(taskId), Number(Math.Min(after, long.MaxValue - 1)), Now);
            await using var row = await command.ExecuteReaderAsync(tried);
            Log? log = null;
            var entries = new List<LogEntry>();
            while (await row.ReadAsync(tried))
            {
                if (!row.IsDBNull(3))
                    log = new Log(row.GetString(3), row.GetMoment(4), row.GetMoment(5), row.GetEscaped(6), row.GetEscaped(7), entries);
                if (!row.IsDBNull(2))
                    entries.Add(TaskRow.ReadEntry(taskId, row, 0));
            }

            return log;
        }, cancellationToken);
    }

    /// <summary>A watch that is cancelled ends without an error, whatever it was about.</summary>
    private static async Task<T?> UnlessCancelledAsync<T>(Task<T?> act, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await act;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>What waits look at.</summary>
    private sealed record Progress(string State, string? RunId, int AddedMessages, DateTimeOffset ExpireAt);

    private sealed record Log(
        string State, DateTimeOffset ExpireAt, DateTimeOffset StatusAt, string ContextId, string Owner, IReadOnlyList<LogEntry> Entries);
}
