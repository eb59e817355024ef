using System.Diagnostics;
using System.Text;
using Npgsql;
using ServerlessA2A.Hosting;
using ServerlessA2A.PostgreSql.Queues;
using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.PostgreSql.Tests.Queues;

public sealed class QueueTableTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private PostgreSqlTaskQueue _queue = null!;
    private PostgreSqlTaskQueue _other = null!;
    private PostgreSqlDeliveryQueue _notifications = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _queue = new(_database.Connect(), _database.Changes());
        _other = new(_database.Connect(), _database.Changes());
        _notifications = new(_database.Connect(), _database.Changes());
    }

    public async Task DisposeAsync() => await (_database?.DisposeAsync() ?? default);

    [SkippableFact]
    public async Task AMessageIsOneTakersUntilItIsReleased()
    {
        await _queue.PublishRunAsync(new RunRequest("t") { AccessToken = "token" }, default);
        var taken = Assert.Single(await _queue.Table.TakeAsync(5, default));
        Assert.Equal(("t", "token", 1, 0), (taken.Message.TaskId, taken.Message.AccessToken, taken.Delivery, taken.Failures));
        Assert.Empty(await _other.Table.TakeAsync(5, default));

        await _queue.Table.ReleaseAsync(taken, TimeSpan.Zero, hasFailed: true, default);
        var again = Assert.Single(await _other.Table.TakeAsync(5, default));
        Assert.Equal((2, 1), (again.Delivery, again.Failures));
        await _other.Table.AcknowledgeAsync(again, default);
        Assert.Equal(0L, await _database.ExecuteAsync("select count(*) from {schema}.runs"));
    }

    [SkippableFact]
    public async Task AMessageCarriesTheTraceThatItWasPublishedIn()
    {
        await _queue.PublishRunAsync(new RunRequest("none"), default);
        using (var publishing = new Activity("publishing").Start())
        {
            await _queue.PublishRunAsync(new RunRequest("t"), default);
            await _notifications.PublishAsync(new DeliveryRequest("t", 1, "w"), default);

            Assert.Equal(
                [null, publishing.Id], (await _queue.Table.TakeAsync(5, default)).OrderBy(each => each.Message.TaskId)
                .Select(each => each.Message.TraceParent));
            Assert.Equal(publishing.Id, Assert.Single(await _notifications.Table.TakeAsync(5, default)).Message.TraceParent);
        }
    }

    [SkippableFact]
    public async Task EachDeliveryIsMeasuredFromThePublish()
    {
        await _queue.PublishRunAsync(new RunRequest("t"), default);
        await _database.ExecuteAsync("update {schema}.runs set published_at = published_at - interval '1 hour'");
        using var telemetry = CollectedTelemetry.Start();

        await _queue.Table.ReleaseAsync(
            Assert.Single(await _queue.Table.TakeAsync(5, default)), TimeSpan.Zero, hasFailed: false, default);
        await _queue.Table.TakeAsync(5, default);

        var measured = telemetry.Measured("a2a.queue.delay");
        Assert.All(measured, each => Assert.Equal("runs", each.Tags["messaging.destination.name"]));
        Assert.Equal(2, measured.Count);
        Assert.All(measured, each => Assert.InRange(each.Value, 3600, 7200));
    }

    [SkippableFact]
    public async Task AMessageWhoseTakerDiedComesAgainAndTheDeadCannotReleaseIt()
    {
        await _queue.PublishRunAsync(new RunRequest("t"), default);
        var lost = Assert.Single(await _queue.Table.TakeAsync(1, default));
        Assert.Equal(
            true, await _database.ExecuteAsync(
            "select deliver_at between clock_timestamp() + interval '9 min' and clock_timestamp() + interval '10 min' from {schema}.runs"));
        await _database.ExecuteAsync("update {schema}.runs set deliver_at = clock_timestamp()");
        Assert.Single(await _other.Table.TakeAsync(1, default));
        await _queue.Table.ReleaseAsync(lost, TimeSpan.Zero, hasFailed: true, default);
        Assert.Empty(await _queue.Table.TakeAsync(1, default));
    }

    [SkippableFact]
    public async Task SeveralInstancesShareTheMessagesAndEachIsDeliveredOnce()
    {
        var all = Enumerable.Range(0, 200).Select(index => $"{index:D3}").ToList();
        var delivered = new System.Collections.Concurrent.ConcurrentBag<string>();
        var over = new TaskCompletionSource();
        using var stopping = new CancellationTokenSource();
        var workers = new[] { _queue, _other }.Select(queue => queue.Table.DeliverAsync(
            8,
            (message, _) =>
            {
                // Each fails once, and comes again.
                if (message.Delivery == 1 && message.Message.TaskId.EndsWith('7'))
                    return Task.FromResult((false, true));
                delivered.Add(message.Message.TaskId);
                if (delivered.Count == all.Count)
                    over.TrySetResult();
                return Task.FromResult((true, false));
            },
            new RedeliveryDelay(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)),
            failure => over.TrySetException(failure),
            stopping.Token)).ToList();
        await Task.WhenAll(all.Select(id => _queue.PublishRunAsync(new RunRequest(id), default).AsTask()));
        await over.Task.WithinLimit("all are delivered");
        await stopping.CancelAsync();
        await Task.WhenAll(workers).WithinLimit("the workers end");
        Assert.Equal(all, delivered.Order(StringComparer.Ordinal));
        Assert.Equal(0L, await _database.ExecuteAsync("select count(*) from {schema}.runs"));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatIsInProgressWhenTheHostStopsComesAgainAtOnce(bool throwsItsOwn)
    {
        using var stopping = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var worker = _queue.Table.DeliverAsync(
            4,
            async (_, cancellationToken) =>
            {
                begun.TrySetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                catch (OperationCanceledException) when (throwsItsOwn)
                {
                    throw new IOException("The call was canceled.");
                }

                return (true, false);
            },
            RedeliveryDelay.Long,
            _ => { },
            stopping.Token);
        await _queue.PublishRunAsync(new RunRequest("t"), default);
        await begun.Task.WithinLimit("the run begins");
        await stopping.CancelAsync();
        await worker.WithinLimit("the worker ends");
        Assert.Equal(0, Assert.Single(await _other.Table.TakeAsync(1, default)).Failures);
    }

    [SkippableFact]
    public async Task ATakeReadsNoMessagesThatAreNotDue()
    {
        await _database.ExecuteAsync(
            "insert into {schema}.runs (task_id, deliver_at) select i::text, now() + interval '1 hour' from generate_series(1, 10000) i");
        await _database.ExecuteAsync("analyze {schema}.runs");
        await using var connection = new NpgsqlConnection(_database.Server.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"deallocate all; prepare s as {_queue.Table.TakeStatement}; explain execute s (1000, 32)", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new StringBuilder();
        while (await reader.ReadAsync())
            plan.AppendLine(reader.GetString(0));

        Assert.Contains("Index Cond: (deliver_at <= now())", plan.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task NotificationsComeAsTheyWerePublishedAndDeadOnesAreKept()
    {
        var notification = new DeliveryRequest("t", 5, "größe \0\\");
        await _notifications.PublishAsync(notification, default);
        Assert.Equal(notification, Assert.Single(await _notifications.Table.TakeAsync(1, default)).Message);
        await _notifications.BuryAsync(new DeadDelivery("t", 4, "hook", "gone"), default);
        Assert.Equal(
            "t 4 hook gone",
            await _database.ExecuteAsync("select concat_ws(' ', task_id, delivered, webhook_id, reason) from {schema}.dead_notifications"));
    }
}
