using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>
/// Calls of two seconds. Processes share a slow database only if each notices it by what it does most: those that poll tasks too.
/// </summary>
[Collection(nameof(FirestoreTest))]
public sealed class SlowCallTests : IAsyncLifetime, IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly NewTask _task = TestTasks.New();
    private FirestoreTaskStore _store = null!;
    private TcpProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _proxy = new TcpProxy(await SharedEmulator.Firestore.HostAsync());
        _store = await TestStores.CreateAsync(_time, host: _proxy.Host);
        await _store.CreateAsync(_task, default);
        _proxy.NextFate = () =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return TcpProxy.Fate.Arrives;
        };
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _proxy?.Dispose();

    [SkippableFact]
    public async Task AReadLeavesFewerCallsAtOnce() => await ShrinksAsync(() => _store.ReadAsync(null, _task.Snapshot.Id, default));

    [SkippableFact]
    public async Task AnOwnersReadLeavesFewerCallsAtOnce() =>
        await ShrinksAsync(() => _store.ReadAsync(_task.Snapshot.Owner, _task.Snapshot.Id, default));

    [SkippableFact]
    public async Task ACommitLeavesFewerCallsAtOnce() => await ShrinksAsync(() => _store.CreateAsync(TestTasks.New(), default));

    [SkippableFact]
    public async Task AListMayTakeTwoSeconds()
    {
        await _store.ListAsync(new TaskQuery { Owner = _task.Snapshot.Owner, PageSize = 10 }, default);
        Assert.Equal(CallLimit.Initial, _store.CallsAtOnce);
    }

    [SkippableFact]
    public async Task ACountMayTakeTwoSeconds()
    {
        Assert.Equal(1, await _store.CountUnfinishedAsync(_task.Snapshot.Owner, 10, default));
        Assert.Equal(CallLimit.Initial, _store.CallsAtOnce);
    }

    private async Task ShrinksAsync<T>(Func<ValueTask<T>> call)
    {
        await call();
        Assert.Equal(CallLimit.Initial * 3 / 4, _store.CallsAtOnce);
    }
}
