using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
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
        await _writer.AppendAsync(new NewEntry { Task = task, Entry = new LogEntry(first, TestTasks.Now, [TestTasks.Chunk("x", append: first > 3)]) }, default));

    private sealed class Collected : ILogger<Changes>
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task First => _first.Task;

        public ConcurrentQueue<string> Warnings { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel < LogLevel.Warning)
                return;
            Warnings.Enqueue(formatter(state, exception));
            _first.TrySetResult();
        }
    }
}
