using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServerlessA2A.PostgreSql.Tasks;
using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.PostgreSql.Tests.Tasks;

/// <summary>How a change reaches another instance.</summary>
public sealed class ChangesTests : IAsyncLifetime, IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private TestDatabase _database = null!;
    private TcpProxy _proxy = null!;
    private PostgreSqlTaskStore _writer = null!;

    public async Task InitializeAsync()
    {
        _time.Advance(TestTasks.Now - _time.GetUtcNow());
        _database = await TestDatabase.CreateAsync();
        _proxy = new TcpProxy(_database.Server.Port);
        _writer = _database.Store(_time);
    }

    public async Task DisposeAsync() => await (_database?.DisposeAsync() ?? default);

    public void Dispose() => _proxy?.Dispose();

    [SkippableFact]
    public async Task AnEntryReachesAWatcherOnAnotherInstanceWhoseConnectionsWereCut()
    {
        var task = await MakeAsync();
        var other = _database.Store(_time, _proxy.Port);
        var chunks = other.WatchUntilAsync(task.Id, 2, entry => entry.Last == 4);
        await AppendChunkAsync(task, 3);
        _proxy.Drop();
        await AppendChunkAsync(task, 4);
        Assert.Equal([3L, 4L], (await chunks.WithinLimit("both chunks arrive")).Select(entry => entry.First));
    }

    [SkippableFact]
    public async Task WithoutNotificationsEntriesArriveByReadingAndTheLogSaysSoOnce()
    {
        var task = await MakeAsync();
        var log = new Collected();
        _proxy.KeepsNotificationsBack = true;
        var database = _database.Connect(_proxy.Port);
        await using var changes = new Changes(database, log);
        var other = new PostgreSqlTaskStore(database, changes, _time, TestEngine.NewId);
        var chunks = other.WatchUntilAsync(task.Id, 2, entry => entry.Last == 4);
        await log.First.WithinLimit("the log says so");
        await AppendChunkAsync(task, 3);
        await AppendChunkAsync(task, 4);
        Assert.Equal([3L, 4L], (await chunks.WithinLimit("both chunks arrive")).Select(entry => entry.First));
        Assert.False(changes.IsListening);
        Assert.Contains("pooler in transaction mode", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task AChunkWakesThoseWhoReadTheLogAndNotThoseWhoWaitForTheTask()
    {
        var (here, other) = (_database.Changes(), _database.Changes());
        using var log = other.Begin("t");
        using var task = other.Begin("t", ignoresChunks: true);
        using var later = other.Begin("u", ignoresChunks: true);
        await ListenAsync(other, log, task, later);

        await NotifyAsync(here.Notification("t", isChunk: true));
        await NotifyAsync(here.Notification("u"));

        await later.NextAsync(default).WithinLimit("what came after the chunk has arrived");
        Assert.True(await IsWokenAsync(log));
        Assert.False(await IsWokenAsync(task));
        other.Wake("t", isChunk: true);
        Assert.True(await IsWokenAsync(log));
        Assert.False(await IsWokenAsync(task));
        await NotifyAsync(here.Notification("t"));
        await task.NextAsync(default).WithinLimit("a change of the task wakes both");
    }

    [SkippableFact]
    public async Task AProcessIsNotWokenByItsOwnNotificationsAgain()
    {
        var (here, other) = (_database.Changes(), _database.Changes());
        using var own = here.Begin("t");
        using var later = here.Begin("u");
        await ListenAsync(here, own, later);

        await NotifyAsync(here.Notification("t"));
        await NotifyAsync(other.Notification("u"));

        await later.NextAsync(default).WithinLimit("what came after its own has arrived");
        Assert.False(await IsWokenAsync(own));
    }

    [SkippableFact]
    public async Task AStreamReadsOnceForEachChunk()
    {
        var task = await MakeAsync();
        var other = _database.Store(_time);
        using var source = new ActivitySource($"ServerlessA2A.{nameof(AStreamReadsOnceForEachChunk)}");
        var reads = new ConcurrentQueue<ActivityTraceId>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = each => each == source || each.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if ($"{span.GetTagItem("db.query.text")}".Contains("union all", StringComparison.Ordinal))
                    reads.Enqueue(span.TraceId);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var caller = source.StartActivity("caller")!;
        using var over = new CancellationTokenSource();
        await using var entries = other.WatchAsync(task.Id, 2, over.Token).GetAsyncEnumerator();
        var next = entries.MoveNextAsync();
        for (var first = 3; first < 23; first++)
        {
            await AppendChunkAsync(task, first);
            Assert.True(await next.AsTask().WithinLimit($"chunk {first} arrives"));
            next = entries.MoveNextAsync();
        }

        await over.CancelAsync();
        Assert.False(await next);
        // One before the first chunk, one when the process listens, and one where it only reads for now.
        Assert.InRange(reads.Count(trace => trace == caller.TraceId), 20, 25);
    }

    private async Task NotifyAsync(NpgsqlBatchCommand notification)
    {
        await using var connection = new NpgsqlConnection(_database.Server.ConnectionString());
        await connection.OpenAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(notification);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until notifications arrive, and takes the wake-up that goes with it.</summary>
    private static async Task ListenAsync(Changes changes, params Changes.Watch[] watches)
    {
        while (!changes.IsListening)
            await watches[0].NextAsync(default);
        foreach (var watch in watches)
            await IsWokenAsync(watch);
    }

    /// <summary>Takes the wake-up, if there is one.</summary>
    private static async Task<bool> IsWokenAsync(Changes.Watch watch)
    {
        using var none = new CancellationTokenSource();
        var next = watch.NextAsync(none.Token);
        var isWoken = next.IsCompleted;
        await none.CancelAsync();
        // Until it has ended it could still take a wake-up, which would be lost.
        await next;
        return isWoken;
    }

    private async Task<TaskSnapshot> MakeAsync()
    {
        var task = TestTasks.New();
        Assert.Null(await _writer.CreateAsync(task, default));
        var working = TestTasks.With(task.Snapshot, TestTasks.Started());
        Assert.Equal(AppendOutcome.Appended, await _writer.AppendAsync(working, default));
        return working.Snapshot!;
    }

    private async Task AppendChunkAsync(TaskSnapshot task, long first) => Assert.Equal(
        AppendOutcome.Appended,
        await _writer.AppendAsync(
        new NewEntry { Task = task, Entry = new LogEntry(first, TestTasks.Now, [TestTasks.Chunk("x", append: first > 3)]) }, default));

    private sealed class Collected : ILogger<Changes>
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task First => _first.Task;

        public ConcurrentQueue<string> Warnings { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel < LogLevel.Warning)
                return;
            Warnings.Enqueue(formatter(state, exception));
            _first.TrySetResult();
        }
    }
}
