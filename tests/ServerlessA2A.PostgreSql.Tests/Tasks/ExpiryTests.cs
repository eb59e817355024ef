using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.PostgreSql.Tests.Tasks;

/// <summary>PostgreSQL deletes nothing by itself: the sweep does, in batches.</summary>
public sealed class ExpiryTests
{
    private readonly ManualTimeProvider _time = new();

    [SkippableFact]
    public async Task ExpiredTasksAreDeletedWithAllThatBelongsToThemAndOthersStay()
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Store(_time);
        _time.Advance(TestTasks.Now - _time.GetUtcNow());
        for (var i = 0; i < 5; i++)
            await MakeAsync(store);
        _time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(0, await store.DeleteExpiredAsync(10, default));
        // Long enough for an instance whose clock is behind.
        _time.Advance(TimeSpan.FromHours(2));
        await database.ExecuteAsync(
            "update {schema}.tasks set expire_at = expire_at + interval '1 day' where id = (select min(id) from {schema}.tasks)");

        Assert.Equal(3, await store.DeleteExpiredAsync(3, default));
        Assert.Equal(1, await store.DeleteExpiredAsync(3, default));

        foreach (var table in (string[])["tasks", "log", "webhooks"])
            Assert.Equal(1L, await database.ExecuteAsync($"select count(*) from {{schema}}.{table}"));
    }

    [SkippableFact]
    public async Task TwoSweepsAtOnceDeleteEachTaskOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Store(_time);
        _time.Advance(TestTasks.Now - _time.GetUtcNow());
        for (var i = 0; i < 40; i++)
            await MakeAsync(store);
        _time.Advance(TimeSpan.FromDays(8));
        var deleted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.DeleteExpiredAsync(5, default).AsTask()));
        Assert.Equal(40, deleted.Sum());
    }

    private static async Task MakeAsync(PostgreSql.Tasks.PostgreSqlTaskStore store)
    {
        var task = TestTasks.New();
        var hook = new Webhook(
            task.Snapshot.Id, "hook", new TaskPushNotificationConfig { Id = "hook", Url = "https://client.example" }, ProtocolVersion.V1_0);
        Assert.Null(await store.CreateAsync(task with { Webhook = hook }, default));
        Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(TestTasks.With(task.Snapshot, TestTasks.Started()), default));
    }
}
