using Npgsql;
using ServerlessA2A.Hosting;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.PostgreSql.Tasks;
using ServerlessA2A.Tasks;
using static ServerlessA2A.PostgreSql.Connections.Parameters;

namespace ServerlessA2A.PostgreSql.Queues;

/// <summary>
/// A queue in a table. A worker hides a message from the others for <see cref="Hold"/> and deletes it after processing. If the worker dies,
/// the message is redelivered. Times are the database's.
/// </summary>
internal sealed class QueueTable<T>
{
    /// <summary>How long a message that was taken is hidden: as long as Pub/Sub waits for the deployed functions at most.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    /// <summary>How long the queue is left alone after the database has failed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int TakenAtOnce = 32;

    private readonly Database _database;
    private readonly Changes _changes;
    private readonly string _table;
    private readonly string _name;
    private readonly Func<NpgsqlDataReader, T> _read;
    private readonly (string Publish, string Take, string Acknowledge, string Release) _sql;

    /// <param name="database">The database.</param>
    /// <param name="changes">Wakes the takers.</param>
    /// <param name="table">The table, which names the queue.</param>
    /// <param name="columns">The columns of a message.</param>
    /// <param name="read">Reads a message whose columns begin the row.</param>
    public QueueTable(Database database, Changes changes, string table, string[] columns, Func<NpgsqlDataReader, T> read)
    {
        // A task cannot have this name.
        (_database, _changes, _table, _name, _read) = (database, changes, table, $"/{table}", read);
        var (all, rows) = (string.Join(", ", columns), $"{database.Schema}.{table}");
        _sql = (
            $"insert into {rows} ({all}) values ({string.Join(", ", columns.Select((_, index) => $"${index + 1}"))})",
            // now() in the condition: an index is not searched for a function that may change while it is.
            $"""
            update {rows} set deliver_at = clock_timestamp() + $1::bigint * interval '1 millisecond', deliveries = deliveries + 1
            where id = any (array(select id from {rows} where deliver_at <= now() order by deliver_at limit $2 for update skip locked))
            returning {all}, id, deliveries, failures, extract(epoch from clock_timestamp() - published_at)::double precision
            """,
            $"delete from {rows} where id = $1",
            // One that was hidden for too long is another taker's by now.
            $"""
            update {rows} set deliver_at = clock_timestamp() + $3::bigint * interval '1 millisecond', failures = failures + $4
            where id = $1 and deliveries = $2
            """);
        Columns = columns.Length;
    }

    /// <summary>The statement that hides $2 messages for $1 milliseconds and returns them.</summary>
    internal string TakeStatement => _sql.Take;

    private int Columns { get; }

    /// <summary>Adds a message.</summary>
    /// <exception cref="TaskStoreException">It could not be added, or twice where the answer was lost.</exception>
    public async ValueTask PublishAsync(string what, Column[] message, CancellationToken cancellationToken)
    {
        try
        {
            await _database.CallAsync($"publish {what}", async (connection, tried) =>
            {
                await using var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true };
                batch.BatchCommands.Add(new NpgsqlBatchCommand(_sql.Publish).With(message));
                batch.BatchCommands.Add(_changes.Notification(_name));
                return await batch.ExecuteNonQueryAsync(tried);
            }, cancellationToken);
        }
        finally
        {
            // Also after a failure, whose answer may be all that was lost.
            _changes.Wake(_name);
        }
    }

    /// <summary>Takes messages that are due, none where there are none.</summary>
    public Task<List<Queued<T>>> TakeAsync(int count, CancellationToken cancellationToken) =>
        _database.CallAsync($"take from {_table}", async (connection, tried) =>
    {
        await using var command = new NpgsqlCommand(_sql.Take, connection).With(Number((long)Hold.TotalMilliseconds), Number(count));
        await using var row = await command.ExecuteReaderAsync(tried);
        var taken = new List<Queued<T>>();
        while (await row.ReadAsync(tried))
        {
            taken.Add(new Queued<T>(row.GetInt64(Columns), _read(row), row.GetInt32(Columns + 1), row.GetInt32(Columns + 2)));
            DatabaseMetrics.Delivered(_table, TimeSpan.FromSeconds(Math.Max(0, row.GetDouble(Columns + 3))));
        }

        return taken;
    }, cancellationToken);

    /// <summary>Waits until there may be messages.</summary>
    public Changes.Watch Watch() => _changes.Begin(_name);

    /// <summary>Deletes a message that is done with.</summary>
    public Task AcknowledgeAsync(Queued<T> taken, CancellationToken cancellationToken) =>
        ExecuteAsync(_sql.Acknowledge, [Number(taken.Id)], cancellationToken);

    /// <summary>Lets a message come again after a while.</summary>
    public Task ReleaseAsync(Queued<T> taken, TimeSpan delay, bool hasFailed, CancellationToken cancellationToken) => ExecuteAsync(
        _sql.Release, [Number(taken.Id), Count(taken.Delivery), Number((long)delay.TotalMilliseconds), Count(hasFailed ? 1 : 0)],
        cancellationToken);

    /// <summary>Delivers the messages, several at a time, until the host stops.</summary>
    /// <param name="maxConcurrent">Deliveries in progress at once.</param>
    /// <param name="deliver">
    /// Delivers a message, and returns whether it is done with and, where it is not, whether that counts as a failure.
    /// </param>
    /// <param name="delay">How long a message waits for its next delivery.</param>
    /// <param name="failed">Receives failures of the database; messages in process are then redelivered.</param>
    /// <param name="stopping">
    /// Cancelled when the host stops, which ends this without an error: messages in process are redelivered at once.
    /// </param>
    public async Task DeliverAsync(
        int maxConcurrent, Func<Queued<T>, CancellationToken, Task<(bool IsDone, bool HasFailed)>> deliver, RedeliveryDelay delay,
        Action<TaskStoreException> failed,
        CancellationToken stopping)
    {
        using var slots = new SemaphoreSlim(maxConcurrent);
        using var watch = Watch();
        while (!stopping.IsCancellationRequested)
        {
            var taken = new List<Queued<T>>();
            await slots.WaitAsync(CancellationToken.None);
            try
            {
                taken = await TakeAsync(Math.Min(TakenAtOnce, slots.CurrentCount + 1), stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The host stops.
            }
            catch (TaskStoreException failure)
            {
                failed(failure);
                await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (taken.Count == 0)
            {
                slots.Release();
                await watch.NextAsync(stopping);
                continue;
            }

            for (var extra = 1; extra < taken.Count; extra++)
                await slots.WaitAsync(CancellationToken.None);
            foreach (var message in taken)
                _ = Task.Run(() => DeliverAsync(message), CancellationToken.None);
        }

        // Deliveries in progress end by themselves: their token is cancelled.
        for (var ended = 0; ended < maxConcurrent; ended++)
            await slots.WaitAsync(CancellationToken.None);

        async Task DeliverAsync(Queued<T> message)
        {
            try
            {
                var (isDone, hasFailed) = await deliver(message, stopping);
                await SettleAsync(message, isDone, hasFailed, delay.After(message.Delivery));
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // Agents report the stop as any exception, such as one of gRPC.
                await SettleAsync(message, isDone: false, hasFailed: false, TimeSpan.Zero);
            }
            finally
            {
                slots.Release();
            }
        }

        async Task SettleAsync(Queued<T> message, bool isDone, bool hasFailed, TimeSpan wait)
        {
            try
            {
                if (isDone)
                {
                    await AcknowledgeAsync(message, CancellationToken.None);
                    return;
                }

                await ReleaseAsync(message, wait, hasFailed, CancellationToken.None);
                _ = WakeAfterAsync(wait);
            }
            catch (TaskStoreException failure)
            {
                // Redelivered after Hold.
                failed(failure);
            }
        }

        async Task WakeAfterAsync(TimeSpan wait)
        {
            await Task.Delay(wait, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _changes.Wake(_name);
        }
    }

    private Task<int> ExecuteAsync(string sql, Column[] parameters, CancellationToken cancellationToken) =>
        _database.CallAsync($"take from {_table}", async (connection, tried) =>
        {
            await using var command = new NpgsqlCommand(sql, connection).With(parameters);
            return await command.ExecuteNonQueryAsync(tried);
        }, cancellationToken);
}
