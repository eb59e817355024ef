using Google.Cloud.Firestore;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>The shards of growing indexes: spread, costs, and changes of their number.</summary>
[Collection(nameof(FirestoreTest))]
public sealed class ShardTests
{
    private readonly string _project = TestProject.NewId();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public void TasksSpreadEvenlyOverTheShards(int count)
    {
        var sizes = Enumerable.Range(0, 16_000).GroupBy(_ => Shard.Of(TestEngine.NewId(), count)).Select(shard => shard.Count()).ToList();
        Assert.Equal(count, sizes.Count);
        Assert.All(sizes, size => Assert.InRange(size, 0.75 * 16_000 / count, 1.25 * 16_000 / count));
    }

    [Fact]
    public void MomentsOfAShardSortByTimeAndBeforeTheNextShard()
    {
        var moments = new[] { DateTimeOffset.MinValue, TestTasks.Now, TestTasks.Now.AddTicks(1), DateTimeOffset.MaxValue };
        var stored = new[] { 0, 1, 9, 10, 15 }.SelectMany(number => moments.Select(new Shard(number).At)).Append(Shard.End).ToList();
        Assert.Equal(stored.Order(StringComparer.Ordinal), stored);
        Assert.Equal(stored[0], new Shard(0).At(DateTimeOffset.MinValue.ToOffset(TimeSpan.Zero)));
    }

    [SkippableTheory]
    [InlineData(1, 16)]
    [InlineData(16, 1)]
    [InlineData(4, 5)]
    public async Task AfterAChangeOfTheNumberEverythingIsFoundAndInOrder(int before, int after)
    {
        var (earlier, store) = (await StoreAsync(before), await StoreAsync(after));
        var tasks = new List<TaskSnapshot>();
        for (var i = 0; i < 20; i++)
        {
            var task = TestTasks.New(at: TestTasks.Now.AddSeconds(i));
            await (i % 3 == 2 ? store : earlier).CreateAsync(task with { Webhook = Hook(task.Snapshot.Id) }, default);
            await (i % 2 == 0 ? store : earlier).PutWebhookAsync(task.Snapshot.Owner, Hook(task.Snapshot.Id), null, default);
            tasks.Add(task.Snapshot);
        }

        var ids = tasks.Select(task => task.Id).ToList();
        var until = TestTasks.Now.AddHours(1);
        foreach (var each in new[] { earlier, store })
        {
            var page = await each.ListAsync(new TaskQuery { Owner = tasks[0].Owner, PageSize = 100 }, default);
            Assert.Equal(Enumerable.Reverse(ids), page.Tasks.Select(task => task.Id));
            Assert.Equal(20, page.TotalSize);
            Assert.Equal(20, await each.CountUnfinishedAsync(tasks[0].Owner, 100, default));
            Assert.Equal(ids, (await each.ListUnattendedAsync(until, 100, default)).Select(task => task.TaskId));
            Assert.Equal(ids.Order(), (await each.ListUndeliveredAsync(until, 100, default)).Select(task => task.TaskId).Order());
            Assert.Equal(ids.Order(), (await each.ListDueAsync(until, 100, default)).Select(due => due.TaskId).Order());
        }

        // A task that goes on moves to its new shard, and is in no other any more.
        foreach (var task in tasks)
            Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(TestTasks.With(task, TestTasks.Completed), default));
        Assert.Equal(0, await earlier.CountUnfinishedAsync(owner: null, 100, default));
        Assert.Equal(0, await store.CountUnfinishedAsync(owner: null, 100, default));
        Assert.Empty(await earlier.ListUnattendedAsync(until, 100, default));
        Assert.Equal(20, (await earlier.ListAsync(new TaskQuery { Owner = tasks[0].Owner, PageSize = 1 }, default)).TotalSize);
    }

    [SkippableFact]
    public async Task WhereMoreIsDueThanAPageHoldsPagesAreFullAndAllIsFound()
    {
        var store = await StoreAsync(4);
        var due = new HashSet<string>();
        for (var i = 0; i < 25; i++)
        {
            var task = TestTasks.New();
            await store.CreateAsync(task, default);
            due.Add(task.Snapshot.Id);
        }

        for (var left = 25; left > 0; left -= 4)
        {
            var page = await store.ListUnattendedAsync(TestTasks.Now, 4, default);
            Assert.Equal(Math.Min(4, left), page.Count);
            foreach (var task in page)
            {
                Assert.True(due.Remove(task.TaskId));
                Assert.True(await store.PostponeAsync(task, TestTasks.Now.AddHours(1), default));
            }
        }

        Assert.Empty(await store.ListUnattendedAsync(TestTasks.Now, 4, default));
    }

    /// <summary>What an empty query is billed too.</summary>
    [SkippableFact]
    public async Task ASweepWithNothingToDoReadsOncePerListAndOnceMoreForEachShardInUse()
    {
        using var bill = new Bill();
        var store = await StoreAsync(16);
        Assert.Equal((1, 1, 1), await CostAsync());
        for (var i = 0; i < 10; i++)
            await store.CreateAsync(TestTasks.New(at: TestTasks.Now.AddDays(1)), default);
        var shards = await CountShardsAsync();
        Assert.InRange(shards, 2, 10);
        Assert.Equal((1 + shards, 1, 1), await CostAsync());

        async Task<(long Unattended, long Undelivered, long Due)> CostAsync() => (
            await ReadsAsync(() => store.ListUnattendedAsync(TestTasks.Now, 10, default)),
            await ReadsAsync(() => store.ListUndeliveredAsync(TestTasks.Now, 10, default)),
            await ReadsAsync(() => store.ListDueAsync(TestTasks.Now, 10, default)));

        // The least of a few: the bill is that of the whole process.
        async Task<long> ReadsAsync<T>(Func<ValueTask<IReadOnlyList<T>>> list)
        {
            var least = long.MaxValue;
            for (var i = 0; i < 3; i++)
            {
                var before = bill.Reads;
                Assert.Empty(await list());
                least = Math.Min(least, bill.Reads - before);
            }

            return least;
        }
    }

    /// <summary>What the first version wrote: moments alone.</summary>
    [SkippableFact]
    public async Task MomentsWithoutShardsAreDueToo()
    {
        var store = await StoreAsync(4);
        var (old, task) = (TestTasks.New(at: TestTasks.Now.AddSeconds(-1)), TestTasks.New());
        foreach (var each in new[] { old, task })
            await store.CreateAsync(each with { Webhook = Hook(each.Snapshot.Id) }, default);
        await store.PutWebhookAsync(old.Snapshot.Owner, Hook(old.Snapshot.Id), null, default);
        var since = Timestamp.FromDateTimeOffset(TestTasks.Now.AddSeconds(-1));
        var document = (await TestStores.ConnectAsync(_project)).Collection("tasks").Document(old.Snapshot.Id);
        await document.UpdateAsync(new Dictionary<string, object> { ["unattendedSince"] = since, ["unnotifiedSince"] = since });
        await Assert.Single(await document.Collection("pushConfigs").GetSnapshotAsync()).Reference.UpdateAsync("retryAt", since);

        var unattended = await store.ListUnattendedAsync(TestTasks.Now, 10, default);
        Assert.Equal([old.Snapshot.Id, task.Snapshot.Id], unattended.Select(each => each.TaskId));
        Assert.Equal(2, (await store.ListUndeliveredAsync(TestTasks.Now, 10, default)).Count);
        Assert.Equal(old.Snapshot.Id, Assert.Single(await store.ListDueAsync(TestTasks.Now, 10, default)).TaskId);
        Assert.Equal(TestTasks.Now.AddSeconds(-1), (await store.ReadDeliveryAsync(old.Snapshot.Id, "hook", default))!.DueAt);
        Assert.True(await store.PostponeAsync(unattended[0], TestTasks.Now.AddHours(1), default));
        Assert.Equal(task.Snapshot.Id, Assert.Single(await store.ListUnattendedAsync(TestTasks.Now, 10, default)).TaskId);
        Assert.Empty(await store.ListUnattendedAsync(TestTasks.Now.AddSeconds(-1), 10, default));
    }

    private async Task<int> CountShardsAsync() =>
        (await (await TestStores.ConnectAsync(_project)).Collection("tasks").GetSnapshotAsync())
            .Select(task => task.GetValue<long>("shard")).Distinct().Count();

    private async Task<FirestoreTaskStore> StoreAsync(int shards) =>
        await TestStores.CreateAsync(new ManualTimeProvider(), _project, shards: shards);

    private static Webhook Hook(string taskId) => new(
        taskId, "hook", new TaskPushNotificationConfig { Id = "hook", TaskId = taskId, Url = "https://client.example" },
        ProtocolVersion.V1_0);
}
