using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Hosting;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;
using ScriptedAgent = ServerlessA2A.Tests.Bindings.Harness.ScriptedAgent;

namespace ServerlessA2A.Tests.Hosting;

/// <summary>What runs tasks in an application that is its own worker.</summary>
public class InMemoryWorkerTests
{
    private static readonly (string Name, string Value)[] LongWaits = [("Http:RequestTimeLimit", "00:50:00")];
    private static readonly (string Name, string Value)[] NoSweeps = [("Tasks:SweepDelay", "23:00:00")];

    [Fact]
    public async Task ARunThatAShutdownInterruptsIsFinishedByTheNextStartOnTheSameStore()
    {
        var time = new ManualTimeProvider();
        var store = new InMemoryTaskStore(time, Options.Create(new InMemoryOptions()));
        string id;
        await using (var first = await StartAsync(new ScriptedAgent(), time, store))
        {
            id = await SendAsync(first, "hold:gate");
            await store.WatchUntilAsync(id, 0, entry => entry.Events.Any(each => each is RunStarted)).WithinLimit("the run begins");
            await first.StopAsync().WithinLimit("the host stops");
        }

        var interrupted = (await store.ReadAsync(null, id, default))!;
        Assert.Equal(TaskState.Working, interrupted.State);
        Assert.True(interrupted.Lease!.Until <= time.GetUtcNow(), "The lease is not released.");

        var agent = new ScriptedAgent();
        agent.Release("gate");
        await using var second = await StartAsync(agent, time, store);
        await time.WaitForTimerAsync(SweepSchedule.Interval);
        time.Advance(SweepSchedule.Interval);

        Assert.Equal(
            TaskState.Completed, (await store.WaitUntilTerminalOrInterruptedAsync(id, default).WithinLimit("the task ends"))!.State);
    }

    [Fact]
    public async Task RequestsThatWaitAreAnsweredWhenTheHostStops()
    {
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app => app.MapA2A(), settings: LongWaits);
        var store = host.Services.GetRequiredService<ITaskStore>();
        using var stream = await host.Client.StreamAsync(RawHttp.Request("POST", "/message:stream", Body("hold:gate")));
        var id = (await stream.ReadAsync())!.Json.GetProperty("task").GetProperty("id").GetString()!;
        await store.WatchUntilAsync(id, 0, entry => entry.Events.Any(each => each is RunStarted)).WithinLimit("the run begins");
        var send = host.Client.ExchangeAsync("POST", "/message:send", Body("hold:gate"));
        await TwoStreamsAsync(host);

        await host.StopAsync().WithinLimit("the host stops");

        var (response, body) = await send.WithinLimit("the send is answered");
        Assert.True(response.IsSuccessStatusCode, body);
        Assert.Contains(
            body.Json().GetProperty("task").GetProperty("status").GetProperty("state").GetString(),
            (string[])["TASK_STATE_SUBMITTED", "TASK_STATE_WORKING"]);
        await stream.ReadToEndAsync().WithinLimit("the stream ends");
    }

    [Fact]
    public async Task ATaskFailsWhoseRunsAreDeliveredInVainTooOften()
    {
        var time = new ManualTimeProvider();
        var store = new FailingStore(new InMemoryTaskStore(time, Options.Create(new InMemoryOptions())));
        await using var host = await StartAsync(new ScriptedAgent(), time, store, NoSweeps);
        (store.FailingReads, store.IsTransient) = (20, false);
        var id = await SendAsync(host, "hello");

        await DeliverAgainAsync(time, 20);

        Assert.Equal(TaskState.Failed, (await store.WaitUntilTerminalOrInterruptedAsync(id, default).WithinLimit("the task ends"))!.State);
        Assert.Equal(0, store.FailingReads);
    }

    [Fact]
    public async Task AStoreThatIsOutFailsNoTaskHoweverLongItTakes()
    {
        var time = new ManualTimeProvider();
        var store = new FailingStore(new InMemoryTaskStore(time, Options.Create(new InMemoryOptions())));
        await using var host = await StartAsync(new ScriptedAgent(), time, store, NoSweeps);
        store.FailingReads = 30;
        var id = await SendAsync(host, "hello");

        await DeliverAgainAsync(time, 30);

        Assert.Equal(
            TaskState.Completed, (await store.WaitUntilTerminalOrInterruptedAsync(id, default).WithinLimit("the task ends"))!.State);
        Assert.Equal(0, store.FailingReads);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(6, 320)]
    [InlineData(7, 600)]
    [InlineData(1_000_000, 600)]
    public void DelaysDoubleUpToTheirLimit(int delivery, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RedeliveryDelay.Long.After(delivery));

    [Fact]
    public async Task ADeliveryThatFailsIsRetriedLaterAndLater()
    {
        var time = new ManualTimeProvider();
        var store = new FailingStore(new InMemoryTaskStore(time, Options.Create(new InMemoryOptions()))) { FailingDeliveries = 3 };
        using var telemetry = CollectedTelemetry.Start();
        await using var host = await StartAsync(new ScriptedAgent(), time, store);

        await host.Services.GetRequiredService<IDeliveryQueue>().PublishAsync(
            new DeliveryRequest("task", 1, "hook") { TraceParent = telemetry.TraceParent }, default);
        foreach (var seconds in (int[])[1, 2, 4])
        {
            await time.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
            time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await store.DeliveryRead.WithinLimit("the delivery succeeds");
        Assert.Equal(
            Enumerable.Repeat<(ActivityStatusCode, object?)>((ActivityStatusCode.Error, nameof(TaskStoreException)), 3),
            telemetry.Spans.Where(span => span.DisplayName == "process notifications").Take(3)
                .Select(span => (span.Status, span.GetTagItem("error.type"))));
    }

    [Fact]
    public async Task ASweepThatFailsLeavesTheHostRunning()
    {
        var time = new ManualTimeProvider();
        var store = new FailingStore(new InMemoryTaskStore(time, Options.Create(new InMemoryOptions()))) { FailingSweeps = 1 };
        await using var host = await StartAsync(new ScriptedAgent(), time, store);

        await time.WaitForTimerAsync(SweepSchedule.Interval);
        time.Advance(SweepSchedule.Interval);
        // The timer counts two intervals as one tick if the schedule has not taken the first one before the second is over.
        await store.SweepFailed.WithinLimit("the first sweep fails");
        time.Advance(SweepSchedule.Interval);

        await store.Swept.WithinLimit("the next sweep succeeds");
    }

    [Fact]
    public async Task ASweepOfTasksThatFailsLeavesTheSweepOfWebhooksToItsWork()
    {
        var time = new ManualTimeProvider();
        var store = new FailingStore(new InMemoryTaskStore(time, Options.Create(new InMemoryOptions()))) { FailingSweeps = int.MaxValue };
        await using var host = await StartAsync(new ScriptedAgent(), time, store);

        await time.WaitForTimerAsync(SweepSchedule.Interval);
        time.Advance(SweepSchedule.Interval);

        await store.WebhooksSwept.WithinLimit("notifications are swept");
    }

    [Fact]
    public async Task MoreMessagesThanMayBeOutAtOnceWait()
    {
        using var stopping = new CancellationTokenSource();
        var (begun, gate) = (0, new TaskCompletionSource());
        var twoBegun = new TaskCompletionSource();
        var allBegun = new TaskCompletionSource();
        var delivering = InMemoryDelivery.RunAsync(Enumerable.Range(0, 5).ToAsyncEnumerable(), request => request, 2, async (_, _, _) =>
        {
            var count = Interlocked.Increment(ref begun);
            (count == 2 ? twoBegun : count == 5 ? allBegun : new()).TrySetResult();
            await gate.Task;
            return true;
        }, RedeliveryDelay.Short, TimeProvider.System, stopping.Token);
        await twoBegun.Task.WithinLimit("two are out");

        Assert.Equal(2, Volatile.Read(ref begun));
        gate.SetResult();
        await allBegun.Task.WithinLimit("the others follow");
        await delivering.WithinLimit("all are delivered");
    }

    [Fact]
    public async Task MessagesThatWaitForTheirNextDeliveryHoldUpNoOthers()
    {
        using var stopping = new CancellationTokenSource();
        var time = new ManualTimeProvider();
        var (delivered, again) = (new TaskCompletionSource(), new TaskCompletionSource());
        var delivering = InMemoryDelivery.RunAsync(
            Enumerable.Range(1, 5).ToAsyncEnumerable(), request => request, 1, (message, delivery, _) =>
        {
            if (message == 5)
                delivered.TrySetResult();
            if (message == 1 && delivery == 2)
                again.TrySetResult();
            return Task.FromResult(message == 5 || delivery == 2);
        }, RedeliveryDelay.Short, time, stopping.Token);

        await delivered.Task.WithinLimit("the last one is delivered while the others wait");
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Assert.False(again.Task.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await again.Task.WithinLimit("the first one is delivered again");
        await stopping.CancelAsync();
        await delivering.WithinLimit("the delivery ends");
    }

    [Fact]
    public async Task TheHostStopsWhateverADeliveryThrowsThen()
    {
        using var stopping = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var delivering = InMemoryDelivery.RunAsync(
            new[] { 1 }.ToAsyncEnumerable(), request => request, 1, async (_, _, cancellationToken) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new IOException("The call was canceled.");
        }, RedeliveryDelay.Short, TimeProvider.System, stopping.Token);
        await begun.Task.WithinLimit("the delivery begins");

        await stopping.CancelAsync();

        await delivering.WithinLimit("the delivery ends");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AddInMemoryQueueTakesThePlaceOfAnyOtherQueueInAnyOrder(bool first)
    {
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection().AddLogging().AddServerlessA2A(configuration).AddSingleton(TimeProvider.System);
        if (first)
            services.AddInMemoryQueue();
        services.AddSingleton<IDeliveryQueue>(new RecordingDeliveryQueue());
        services.AddSingleton<ITaskQueue, OtherQueue>();
        if (!first)
            services.AddInMemoryQueue();
        using var provider = services.BuildServiceProvider();

        // What is added after it with Add, and not with TryAdd, is meant to win.
        Assert.Equal(first ? typeof(OtherQueue) : typeof(InMemoryTaskQueue), provider.GetRequiredService<ITaskQueue>().GetType());
        Assert.Equal(
            first ? typeof(RecordingDeliveryQueue) : typeof(InMemoryDeliveryQueue), provider.GetRequiredService<IDeliveryQueue>()
            .GetType());
    }

    private static Task<WebHost> StartAsync(
        ScriptedAgent agent, ManualTimeProvider time, ITaskStore store, params (string Name, string Value)[] settings) =>
        WebHost.StartAsync(
        agent, app => app.MapA2A(), services =>
        services.AddSingleton<TimeProvider>(time).AddSingleton(store).AddSingleton((IWebhookStore)store), settings: settings);

    /// <summary>Lets the delays pass that Pub/Sub makes between its deliveries.</summary>
    private static async Task DeliverAgainAsync(ManualTimeProvider time, int times)
    {
        for (var (i, seconds) = (0, 10); i < times; (i, seconds) = (i + 1, Math.Min(seconds * 2, 600)))
        {
            await time.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
            time.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    private static string Body(string text, bool returnImmediately = false) =>
        $$$"""{"message":{"messageId":"{{{Guid.NewGuid()}}}","role":"ROLE_USER","parts":[{"text":"{{{text}}}"}]},"configuration":{"returnImmediately":{{{(returnImmediately ? "true" : "false")}}}}}""";

    private static async Task<string> SendAsync(WebHost host, string text)
    {
        var (response, body) = await host.Client.ExchangeAsync("POST", "/message:send", Body(text, returnImmediately: true));
        Assert.True(response.IsSuccessStatusCode, body);
        return body.Json().GetProperty("task").GetProperty("id").GetString()!;
    }

    /// <summary>Waits until the second of two tasks is there.</summary>
    private static async Task TwoStreamsAsync(WebHost host)
    {
        while ((await host.Client.ExchangeAsync("GET", "/tasks")).Body.Json().GetProperty("totalSize").GetInt32() < 2)
            await Task.Yield();
    }

    private sealed class OtherQueue : ITaskQueue
    {
        public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    /// <summary>A store whose calls by workers fail as often as a test says.</summary>
    private sealed class FailingStore(ITaskStore inner) : DelegatingTaskStore(inner)
    {
        private readonly TaskCompletionSource _sweepFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _swept = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _webhooksSwept = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _deliveryRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int FailingReads { get; set; }

        public bool IsTransient { get; set; } = true;

        public int FailingDeliveries { get; set; }

        public int FailingSweeps { get; set; }

        public Task SweepFailed => _sweepFailed.Task;

        public Task Swept => _swept.Task;

        public Task WebhooksSwept => _webhooksSwept.Task;

        public Task DeliveryRead => _deliveryRead.Task;

        public override ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken)
        {
            Fail(owner is null && FailingReads > 0 && FailingReads-- > 0);
            return base.ReadAsync(owner, taskId, cancellationToken);
        }

        public override ValueTask<DeliveryState?> ReadDeliveryAsync(string taskId, string webhookId, CancellationToken cancellationToken)
        {
            Fail(FailingDeliveries > 0 && FailingDeliveries-- > 0);
            _deliveryRead.TrySetResult();
            return base.ReadDeliveryAsync(taskId, webhookId, cancellationToken);
        }

        public override ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
            DateTimeOffset before, int count, CancellationToken cancellationToken)
        {
            if (FailingSweeps > 0 && FailingSweeps-- > 0)
            {
                _sweepFailed.TrySetResult();
                Fail(true);
            }

            _swept.TrySetResult();
            return base.ListUnattendedAsync(before, count, cancellationToken);
        }

        public override ValueTask<IReadOnlyList<UndeliveredTask>> ListUndeliveredAsync(
            DateTimeOffset before, int count, CancellationToken cancellationToken)
        {
            _webhooksSwept.TrySetResult();
            return base.ListUndeliveredAsync(before, count, cancellationToken);
        }

        private void Fail(bool fails)
        {
            if (fails)
                throw new TaskStoreException("Of the test.", IsTransient);
        }
    }
}
