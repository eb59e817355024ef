using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Telemetry;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Delivery;
using ServerlessA2A.Webhooks.Signing;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

/// <summary>What a receiver is sent, and when, from a message to the terminal state of its task.</summary>
public sealed class WebhookDeliveryTests : IAsyncLifetime, IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly WebhookOptions _options = new() { AllowHttp = true, AllowLoopback = true };
    private TestEngine _engine = null!;
    private WebhookReceiver _receiver = null!;
    private WebhookSender _sender = null!;
    private IWebhookSigner _signer = new NoSignature();

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _engine = TestEngine.InMemory(_time, webhooks: _options);
        var options = Options.Create(_options);
        _sender = new WebhookSender(options, new AddressGuard(options, new AnyHostAddresses()), TimeProvider.System);
    }

    public Task DisposeAsync() => _receiver.DisposeAsync().AsTask();

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task EachEventIsToldOnceAndInOrder()
    {
        var task = await SendAsync(
            new() { Url = Hook, Token = "t-1", Authentication = new() { Scheme = "Bearer", Credentials = "secret" } });
        await RunAsync(
            task, AgentUpdate.Report("busy"), AgentUpdate.Append("a", "one "), AgentUpdate.Append("a", "two", lastChunk: true),
            AgentUpdate.Complete("bye"));
        await DeliverAllAsync();

        Assert.Equal(
            ["task", "statusUpdate", "statusUpdate", "artifactUpdate", "statusUpdate"],
            _receiver.Received.Select(received => received.Json.EnumerateObject().Single().Name));
        Assert.Equal(
            ["TASK_STATE_SUBMITTED", "TASK_STATE_WORKING", "TASK_STATE_WORKING", null, "TASK_STATE_COMPLETED"],
            _receiver.Received.Select(received => received.State));
        Assert.Equal(
            _receiver.Received.Select(received => received.Seq).Order().Distinct(), _receiver.Received.Select(received => received.Seq));
        Assert.All(_receiver.Received, received =>
        {
            Assert.Equal("application/a2a+json", received.Headers["Content-Type"]);
            Assert.Equal("1.0", received.Headers["A2A-Version"]);
            Assert.Equal("t-1", received.Headers[WebhookCaller.Token]);
            Assert.Equal("Bearer secret", received.Headers["Authorization"]);
            Assert.Equal($"{task}:{received.Seq}", received.Headers[WebhookCaller.IdempotencyKey]);
        });
    }

    [Fact]
    public async Task EachAttemptIsASpanThatItsReceiverIsToldOf()
    {
        var answers = new Queue<int>([204, 503, 204, 204]);
        _receiver.Answer = (_, _) => Task.FromResult((answers.Dequeue(), (string?)null));
        var task = await SendAsync(new() { Url = Hook + "?key=secret" });
        await RunAsync(task, AgentUpdate.Complete("bye"));
        using var telemetry = CollectedTelemetry.Start();

        var delivering = DeliverAllAsync();
        await PassAsync(0.5);
        await delivering;

        var spans = telemetry.Spans.Where(span => span.DisplayName == "POST webhook").ToList();
        Assert.Equal(_receiver.Received.Select(received => received.Headers["traceparent"]), spans.Select(span => span.Id));
        Assert.Equal<object?>([204, 503, 204, 204], spans.Select(span => span.GetTagItem("http.response.status_code")));
        Assert.Equal<object?>(["1", "2", "2", "3"], spans.Select(span => $"{span.GetTagItem("a2a.event.number")}"));
        Assert.Equal<object?>(
            ["accepted", "retried", "accepted", "accepted"],
            telemetry.Measured("a2a.webhook.attempt.duration").Select(each => each.Tags["a2a.webhook.verdict"]));
        Assert.Equal(3, telemetry.Measured("a2a.webhook.lag").Count);
        Assert.Equal((ActivityStatusCode.Error, "503"), (spans[1].Status, spans[1].GetTagItem("error.type")));
        Assert.All(spans, span =>
        {
            Assert.Equal((ActivityKind.Client, _receiver.Address.Host), (span.Kind, span.GetTagItem("server.address")));
            Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task AWebhookOfTheOlderVersionIsToldOfTheTaskItself()
    {
        var task = await SendAsync(new() { Url = Hook, Token = "t" }, ProtocolVersion.V0_3);
        await RunAsync(task, AgentUpdate.Artifact("a", "hi"));
        await DeliverAllAsync();

        var last = _receiver.Received[^1];
        Assert.Equal(
            ("application/json", "task", "completed", task),
            (last.Headers["Content-Type"], last.Json.GetProperty("kind").GetString(), last.State, last.Json.GetProperty("id").GetString()));
        Assert.Equal("hi", last.Json.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString());
        Assert.Equal("t", last.Headers[WebhookCaller.Token]);
        Assert.All(_receiver.Received, received => Assert.Equal("0.3", received.Headers["A2A-Version"]));
    }

    [Theory]
    [InlineData("", ProtocolVersion.V1_0)]
    [InlineData("weather", ProtocolVersion.V1_0)]
    [InlineData("weather", ProtocolVersion.V0_3)]
    public async Task EachDeliveryIsSignedByTheAgentOfTheTask(string agent, ProtocolVersion version)
    {
        _signer = new AgentSigner();
        _engine = new TestEngine(_engine.Store, _engine.Queue, _time, webhooks: _options, names: ["", "weather"]);
        var request = TestEngine.Request(
            "hello", configuration: new() { ReturnImmediately = true, TaskPushNotificationConfig = new() { Url = Hook } });
        var task = await _engine.Lifecycle.SendTaskAsync(TestEngine.CallOf(agent) with { Version = version }, request, default);
        await RunAsync(task.Id, AgentUpdate.Artifact("a", "hi"));
        await DeliverAllAsync();

        Assert.NotEmpty(_receiver.Received);
        Assert.All(_receiver.Received, received => Assert.Equal($"signed by '{agent}'", received.Headers[WebhookCaller.Signature]));
    }

    [Theory]
    [InlineData(ProtocolVersion.V1_0)]
    [InlineData(ProtocolVersion.V0_3)]
    public async Task ABodyEscapesNoMoreThanItHasTo(ProtocolVersion version)
    {
        const string Text = "größe 尺寸 🙂 <a href='x'>1+1</a> & more";
        var task = await SendAsync(new() { Url = Hook }, version);
        await RunAsync(task, AgentUpdate.Artifact("a", Text));
        await DeliverAllAsync();

        Assert.Contains(
            _receiver.Received, received =>
            Encoding.UTF8.GetString(received.Body).Contains($"\"text\":\"{Text}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DuplicatesAndAnyOrderOfRequestsDeliverNothingTwice()
    {
        var task = await SendAsync(new() { Url = Hook });
        await RunAsync(task, AgentUpdate.Report("1"), AgentUpdate.Report("2"), AgentUpdate.Complete());
        var requests = _engine.Deliveries.Published.ToList();

        foreach (var request in Enumerable.Reverse(requests).Concat(requests).Concat(requests))
            await DeliverAsync(request);

        Assert.Equal([1, 2, 3, 4, 5], _receiver.Received.Select(received => received.Seq));
    }

    [Fact]
    public async Task AWebhookThatIsMadeAfterTheEndIsToldOfTheTaskAsItStands()
    {
        var task = (await _engine.RunNewAsync(ScriptedAgent.Saying(AgentUpdate.Artifact("a", "hi")))).Id;
        await CreateConfigAsync(task);
        await DeliverAllAsync();

        var only = Assert.Single(_receiver.Received);
        Assert.Equal("TASK_STATE_COMPLETED", only.State);
        Assert.Equal(
            "hi", only.Json.GetProperty("task").GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task AWebhookThatIsMadeWhileItRunsIsDueUntilTheTaskEndsOrWaits()
    {
        var task = (await _engine.SendAsync("hello")).Id;
        var goesOn = new TaskCompletionSource();
        var run = _engine.RunAsync(new ScriptedAgent((_, _) => SayAsync()), task);
        await _engine.WaitForAsync(task, said => said is StatusChanged);
        await CreateConfigAsync(task);
        await DeliverAsync(_engine.Deliveries.Take()!);
        Assert.Equal(["TASK_STATE_WORKING"], _receiver.Received.Select(received => received.State));

        // The run that works on the task does not know the webhook: each sweep has a look taken.
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(1, await SweepAsync());
            await DeliverAsync(_engine.Deliveries.Take()!);
        }

        Assert.Single(_receiver.Received);
        goesOn.SetResult();
        await run.WithinLimit("the run ends");
        await DeliverAllAsync();
        Assert.Equal(["TASK_STATE_WORKING", null, "TASK_STATE_COMPLETED"], _receiver.Received.Select(received => received.State));
        Assert.Null((await ReadAsync(task)).DueAt);

        async IAsyncEnumerable<AgentUpdate> SayAsync()
        {
            yield return AgentUpdate.Report("busy");
            await goesOn.Task;
            yield return AgentUpdate.Artifact("a", "hi");
        }
    }

    [Fact]
    public async Task AWebhookOfWhichARunDoesNotKnowIsSentItsEventsByTheSweep()
    {
        var task = (await _engine.SendAsync("hello")).Id;
        await CreateConfigAsync(task);
        await DeliverAllAsync();
        // A run that took the task before requests nothing for the webhook.
        var unaware = await _engine.ReadAsync(task) with { WebhookIds = [] };
        var started = new LogEntry(2, _time.GetUtcNow(), [new StatusChanged { State = TaskState.Working }]);
        var entry = new NewEntry { Task = unaware, Entry = started, Snapshot = TaskFold.Apply(unaware, started) };
        Assert.Equal(AppendOutcome.Appended, await _engine.Store.AppendAsync(entry, default));

        Assert.Equal(1, await SweepAsync());
        await DeliverAllAsync();

        Assert.Equal([1, 2], _receiver.Received.Select(received => received.Seq));
        Assert.NotNull((await ReadAsync(task)).DueAt);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task AReceiverThatFailsBrieflyIsRetriedLaterAndLaterByTheSameRequestAndMissesNothing(int status)
    {
        _receiver.Answer = (_, _) => Task.FromResult((_receiver.Received.Count <= 3 ? status : 200, (string?)null));
        var task = await SendAsync(new() { Url = Hook });
        await RunAsync(task, AgentUpdate.Complete("bye"));

        var delivering = DeliverAsync(_engine.Deliveries.Take()!);
        await PassAsync(0.5, 1, 2);
        await delivering;

        Assert.Equal([1, 1, 1, 1, 2, 3], _receiver.Received.Select(received => received.Seq));
        var state = await ReadAsync(task);
        Assert.Equal((null, 0, null, null), (state.FailingSince, state.Failures, state.Holder, state.DueAt));
    }

    [Fact]
    public async Task AReceiverThatFailsForLongIsLeftToTheSweep()
    {
        _receiver.Answer = (_, _) => Task.FromResult((500, (string?)null));
        var task = await SendAsync(new() { Url = Hook });
        await RunAsync(task, AgentUpdate.Complete("bye"));
        var requests = _engine.Deliveries.Published.ToList();
        var delivering = DeliverAsync(_engine.Deliveries.Take()!);
        await PassAsync(0.5, 1, 2, 4, 8);
        await delivering;
        Assert.Equal(_time.GetUtcNow().AddSeconds(16), (await ReadAsync(task)).DueAt);

        // None of the requests waits in the queue: each is done with, and none is published.
        await DeliverAllAsync();
        _time.Advance(TimeSpan.FromSeconds(15.9));
        await DeliverAsync(requests[0]);
        Assert.Equal(0, await SweepAsync());
        Assert.Equal(6, _receiver.Received.Count);
        Assert.Equal(requests, _engine.Deliveries.Published);

        _receiver.Answer = (_, _) => Task.FromResult((200, (string?)null));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(1, await SweepAsync());
        await DeliverAllAsync();
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 2, 3], _receiver.Received.Select(received => received.Seq));
        Assert.DoesNotContain(_engine.Logs.Entries, entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task ARequestOfTheSweepThatIsLostIsPublishedAgainAndOneTooManyDoesNothing()
    {
        _receiver.Answer = (_, _) => Task.FromResult((_receiver.Received.Count == 1 ? 429 : 200, (string?)"60"));
        var task = await SendAsync(new() { Url = Hook });
        await DeliverAllAsync();
        _time.Advance(TimeSpan.FromSeconds(60));

        for (var i = 0; i < 3; i++)
            Assert.Equal(1, await SweepAsync());
        await DeliverAllAsync();

        Assert.Equal([1, 1], _receiver.Received.Select(received => received.Seq));
        Assert.Equal(1, (await ReadAsync(task)).Delivered);
    }

    /// <summary>A receiver that is down must not hold up everybody else's.</summary>
    [Fact]
    public async Task ASweepRequestsMoreThanAPageOfWhatIsDue()
    {
        var task = (await _engine.SendAsync("hello")).Id;
        for (var i = 0; i <= SweepPages.Size; i++)
        {
            var webhook = new Webhook(task, $"{i}", new() { Url = Hook }, ProtocolVersion.V1_0);
            await _engine.WebhookStore.PutWebhookAsync(TestEngine.Call().Caller.Owner, webhook, check: null, default);
        }

        Assert.Equal(SweepPages.Size + 1, await SweepAsync());
        Assert.Equal(SweepPages.Size + 1, _engine.Deliveries.Published.Distinct().Count());
    }

    [Fact]
    public async Task AReceiverIsLetAloneForAsLongAsItAsks()
    {
        _receiver.Answer = (_, _) => Task.FromResult((_receiver.Received.Count == 1 ? 429 : 200, (string?)"90"));
        var task = await SendAsync(new() { Url = Hook });
        var request = _engine.Deliveries.Take()!;
        await DeliverAsync(request);
        _time.Advance(TimeSpan.FromSeconds(89));
        await DeliverAsync(request);
        Assert.Equal(0, await SweepAsync());
        Assert.Single(_receiver.Received);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await SweepAsync());
        await DeliverAllAsync();

        Assert.Equal(2, _receiver.Received.Count);
        Assert.Equal(1, (await ReadAsync(task)).Delivered);
    }

    [Fact]
    public async Task AShortWaitThatAReceiverAsksForIsWaitedForAtOnce()
    {
        _receiver.Answer = (_, _) => Task.FromResult((_receiver.Received.Count == 1 ? 503 : 200, (string?)"5"));
        await SendAsync(new() { Url = Hook });
        var delivering = DeliverAsync(_engine.Deliveries.Take()!);
        await PassAsync(5);
        await delivering;
        Assert.Equal(2, _receiver.Received.Count);
    }

    [Fact]
    public async Task AWebhookIsHeldWhileItsRetryIsWaitedFor()
    {
        _receiver.Answer = (_, _) => Task.FromResult((_receiver.Received.Count == 1 ? 503 : 200, (string?)null));
        await SendAsync(new() { Id = "hook", Url = Hook });
        var request = _engine.Deliveries.Take()!;
        var delivering = DeliverAsync(request);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(0.5));

        await DeliverAsync(request);
        Assert.Equal(0, await SweepAsync());

        Assert.Single(_receiver.Received);
        await PassAsync(0.5);
        await delivering;
        Assert.Equal([1, 1], _receiver.Received.Select(received => received.Seq));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AWorkerThatIsStoppedLetsTheWebhookGoToTheNextSweep(bool whileItWaits)
    {
        using var stopped = new CancellationTokenSource();
        var isStopping = true;
        _receiver.Answer = async (received, stop) =>
        {
            if (received.Seq != 2 || !isStopping)
                return (200, null);
            if (whileItWaits)
                return (503, null);
            await stopped.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop);
            return (200, null);
        };
        var task = await SendAsync(new() { Url = Hook });
        await RunAsync(task, AgentUpdate.Complete("bye"));
        var request = _engine.Deliveries.Take()!;
        var delivering = DeliverAsync(request, stopped.Token);
        if (whileItWaits)
        {
            await _time.WaitForTimerAsync(TimeSpan.FromSeconds(0.5));
            await stopped.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivering);
        isStopping = false;
        var state = await ReadAsync(task);
        Assert.Equal((1, null, _time.GetUtcNow()), (state.Delivered, state.Holder, state.DueAt));
        Assert.Equal(1, await SweepAsync());
        await DeliverAllAsync();

        Assert.Equal([1, 2, 2, 3], _receiver.Received.Select(received => received.Seq));
    }

    [Fact]
    public async Task AFaultOfTheAgentItselfIsRetriedByTheSameScheduleAndLogged()
    {
        var signer = new FailingSigner();
        _signer = signer;
        var task = await SendAsync(new() { Url = Hook });
        var delivering = DeliverAsync(_engine.Deliveries.Take()!);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, (await ReadAsync(task)).Failures);
        Assert.Empty(_receiver.Received);
        signer.Fails = false;
        await PassAsync(0.5);
        await delivering;

        Assert.Equal([1], _receiver.Received.Select(received => received.Seq));
        Assert.Contains(_engine.Logs.Entries, entry => entry.Id.Id == 3007);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(302)]
    public async Task AReceiverThatRefusesIsCalledNoMore(int status)
    {
        _receiver.Answer = (_, _) => Task.FromResult((status, (string?)null));
        var task = await SendAsync(new() { Url = Hook });
        await RunAsync(task, AgentUpdate.Complete());
        await DeliverAllAsync();

        Assert.Single(_receiver.Received);
        Assert.StartsWith($"It answered {status}", (await ReadAsync(task)).EndedBecause);
        Assert.Empty(_engine.Deliveries.Buried);
        Assert.Equal(TaskState.Completed, (await _engine.ReadAsync(task)).State);
    }

    [Fact]
    public async Task AReceiverThatIsDownForADayIsGivenUpAndTheTaskIsAsItWas()
    {
        _receiver.Answer = (_, _) => Task.FromResult((503, (string?)"3600"));
        var task = await SendAsync(new() { Url = Hook });
        await RunAsync(task, AgentUpdate.Complete());
        var begun = _time.GetUtcNow();
        await DeliverAllAsync();
        for (var hour = 1; hour <= 24; hour++)
        {
            Assert.Null((await ReadAsync(task)).EndedBecause);
            Assert.Empty(_engine.Deliveries.Buried);
            _time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(1, await SweepAsync());
            await DeliverAllAsync();
        }

        Assert.Equal(begun.AddHours(24), _time.GetUtcNow());
        Assert.Equal(25, _receiver.Received.Count);
        var dead = Assert.Single(_engine.Deliveries.Buried);
        Assert.Equal((task, 0), (dead.TaskId, dead.After));
        var state = await ReadAsync(task);
        Assert.Equal(("It has failed for 1.00:00:00. It answered 503.", null), (state.EndedBecause, state.DueAt));
        Assert.Equal(TaskState.Completed, (await _engine.ReadAsync(task)).State);
        Assert.Contains(_engine.Logs.Entries, entry => entry.Id.Id == 3004);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await SweepAsync());
        Assert.Empty(await Store.ListUndeliveredAsync(DateTimeOffset.MaxValue, 10, CancellationToken.None));
    }

    [Fact]
    public async Task ADeletionInMidFlightEndsTheCalls()
    {
        var called = new TaskCompletionSource();
        var deleted = new TaskCompletionSource();
        _receiver.Answer = async (_, _) =>
        {
            called.TrySetResult();
            await deleted.Task;
            return (200, null);
        };
        var task = await SendAsync(new() { Id = "hook", Url = Hook });
        await RunAsync(task, AgentUpdate.Report("1"), AgentUpdate.Complete());
        var delivering = DeliverAllAsync();
        await called.Task.WithinLimit("the webhook is called");

        await _engine.WebhookRegistry.DeleteAsync(TestEngine.Call(), new() { TaskId = task, Id = "hook" }, CancellationToken.None);
        deleted.SetResult();
        await delivering.WithinLimit("the deliveries end");

        Assert.Single(_receiver.Received);
    }

    [Fact]
    public async Task ASlowReceiverHoldsUpNobodyElse()
    {
        var forever = new TaskCompletionSource<(int, string?)>();
        _receiver.Answer = (received, stop) =>
            received.Path == "/slow" ? forever.Task.WaitAsync(stop) : Task.FromResult((200, (string?)null));
        var task = await SendAsync(new() { Id = "slow", Url = new Uri(_receiver.Address, "/slow").AbsoluteUri });
        await CreateConfigAsync(task, "quick");
        var slow = DeliverAsync(new DeliveryRequest(task, 1, "slow"));
        await _receiver.NextAsync();

        await DeliverAsync(new DeliveryRequest(task, 0, "quick"));

        Assert.Contains(_receiver.Received, received => received.Path != "/slow");
        // Another worker has it in hand, and it is not called twice at once.
        await DeliverAsync(new DeliveryRequest(task, 1, "slow"));
        Assert.Single(_receiver.Received, received => received.Path == "/slow");
        forever.SetResult((200, null));
        await slow.WithinLimit("the slow one ends");
    }

    [Fact]
    public async Task WhatIsAppendedWhileAWebhookIsHeldIsDeliveredByItsHolder()
    {
        var called = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        _receiver.Answer = async (_, _) =>
        {
            called.TrySetResult();
            await answered.Task;
            return (200, null);
        };
        var task = await SendAsync(new() { Url = Hook });
        var first = DeliverAsync(_engine.Deliveries.Take()!);
        await called.Task.WithinLimit("the webhook is called");
        await RunAsync(task, AgentUpdate.Complete());
        // These meet a webhook that is held, and are done with.
        await DeliverAllAsync();
        Assert.Single(_receiver.Received);

        answered.SetResult();
        await first.WithinLimit("the holder has delivered");

        Assert.Equal([1, 2, 3], _receiver.Received.Select(received => received.Seq));
        Assert.Null((await ReadAsync(task)).DueAt);
    }

    [Fact]
    public async Task AWebhookWhoseWorkerWasLostIsDueWhenTheHoldHasExpired()
    {
        var task = await SendAsync(new() { Id = "hook", Url = Hook });
        var read = await ReadAsync(task);
        var lost = read with { Holder = "lost", DueAt = _time.GetUtcNow() + TimeSpan.FromSeconds(30) };
        await Store.UpdateDeliveryAsync(read, lost, CancellationToken.None);

        await DeliverAllAsync();
        Assert.Equal(0, await SweepAsync());
        Assert.Empty(_receiver.Received);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await SweepAsync());
        await DeliverAllAsync();

        Assert.Equal([1], _receiver.Received.Select(received => received.Seq));
    }

    [Fact]
    public async Task WhatWasNeverPublishedIsFoundByTheSweep()
    {
        var task = await SendAsync(new() { Id = "hook", Url = Hook });
        await RunAsync(task, AgentUpdate.Complete());
        while (_engine.Deliveries.Take() is not null)
        {
            // Lost, all of them.
        }

        _time.Advance(_engine.Settings.SweepDelay);
        Assert.Equal(1, await SweepAsync());
        Assert.Equal(0, await SweepAsync());
        await DeliverAllAsync();
        Assert.Equal("TASK_STATE_COMPLETED", _receiver.Received[^1].State);

        // Nothing is left to look after.
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await SweepAsync());
        Assert.Empty(await Store.ListUndeliveredAsync(DateTimeOffset.MaxValue, 10, CancellationToken.None));
    }

    [Theory]
    [InlineData("lost_delivery")]
    [InlineData("due_delivery")]
    public async Task ADeliveryThatOnlyTheSweepRequestsIsInTheTraceOfTheClientsRequest(string kind)
    {
        using var telemetry = CollectedTelemetry.Start();
        _receiver.Answer = (_, _) => Task.FromResult((_receiver.Received.Count == 1 && kind == "due_delivery" ? 429 : 200, (string?)"60"));
        var task = await SendAsync(new() { Url = Hook });
        var request = _engine.Deliveries.Take()!;
        if (kind == "due_delivery")
            await DeliverAsync(request);
        _time.Advance(TimeSpan.FromSeconds(60));
        Activity.Current = null;
        using var sweep = new Activity("sweep").Start();

        Assert.Equal(1, await SweepAsync());
        await DeliverAllAsync();

        var swept = telemetry.Span("swept");
        Assert.Equal((kind, task), (swept.GetTagItem("a2a.sweep.kind"), swept.GetTagItem("a2a.task.id")));
        Assert.Equal(sweep.Context, Assert.Single(swept.Links).Context);
        // The state follows the delivery, and the delivery the request.
        var state = await ReadAsync(task);
        Assert.Equal(swept.Id, _engine.Deliveries.Published[^1].TraceParent);
        Assert.All(
            [state.TraceParent!, _receiver.Received[^1].Headers["traceparent"]],
            each => Assert.Equal(telemetry.TraceParent.Split('-')[1], each.Split('-')[1]));
    }

    [Fact]
    public async Task TheLastAttemptsAreKeptWithTheStateThatIsWrittenAnyway()
    {
        var answers = new Queue<int>([204, 503, 200, 200]);
        _receiver.Answer = (_, _) => Task.FromResult((answers.Dequeue(), (string?)null));
        var task = await SendAsync(new() { Url = Hook });
        await RunAsync(task, AgentUpdate.Complete("bye"));
        var begun = _time.GetUtcNow();
        var delivering = DeliverAllAsync();
        await PassAsync(0.5);
        await delivering;

        var attempts = (await ReadAsync(task)).Attempts;
        Assert.Equal([(1L, 204), (2L, 503), (2L, 200), (3L, 200)], attempts.Select(attempt => (attempt.Seq, attempt.Status ?? 0)));
        Assert.Equal(
            [begun, begun, begun.AddSeconds(0.5), begun.AddSeconds(0.5)], attempts.Select(attempt => attempt.At));
        Assert.All(attempts, attempt => Assert.Null(attempt.Error));
    }

    [Fact]
    public async Task AnAttemptWithoutAnAnswerKeepsItsErrorAndNoMoreAttemptsAreKeptThanTen()
    {
        var signer = new FailingSigner();
        _signer = signer;
        var task = await SendAsync(new() { Url = Hook });
        await RunAsync(task, [.. Enumerable.Range(0, 11).Select(i => AgentUpdate.Report($"{i}"))]);
        var delivering = DeliverAllAsync();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(0.5));
        var failed = Assert.Single((await ReadAsync(task)).Attempts);
        Assert.Equal((1, null, "The agent could not make the request."), (failed.Seq, failed.Status, failed.Error));
        signer.Fails = false;
        await PassAsync(0.5);
        await delivering;

        var state = await ReadAsync(task);
        Assert.Equal(DeliveryAttempts.Max, state.Attempts.Count);
        Assert.Equal(state.Delivered, state.Attempts[^1].Seq);
    }

    [Fact]
    public async Task TheSweepDoesNotForgetATaskThatGoesOn()
    {
        var goesOn = new TaskCompletionSource();
        var task = (await _engine.SendAsync("hello")).Id;
        var run = _engine.RunAsync(new ScriptedAgent((_, _) => SayAsync()), task);
        await _engine.WaitForAsync(task, said => said is StatusChanged);
        await CreateConfigAsync(task, "hook");
        while (_engine.Deliveries.Take() is not null)
        {
            // Lost: that there is a webhook, of which the worker does not know.
        }

        _time.Advance(_engine.Settings.SweepDelay);
        Assert.Equal(1, await SweepAsync());
        await DeliverAllAsync();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await SweepAsync());
        goesOn.SetResult();
        await run.WithinLimit("the run ends");
        while (_engine.Deliveries.Take() is not null)
        {
            // Lost again.
        }

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await SweepAsync());
        await DeliverAllAsync();

        // However it has ended after such a time.
        Assert.Equal((await _engine.ReadAsync(task)).Seq, _receiver.Received[^1].Seq);

        async IAsyncEnumerable<AgentUpdate> SayAsync()
        {
            yield return AgentUpdate.Report("busy");
            await goesOn.Task;
        }
    }

    [Fact]
    public async Task AnAddressThatMayNotBeCalledIsRefusedWhenItIsConfigured()
    {
        _options.AllowLoopback = false;

        var refused = await Assert.ThrowsAsync<A2AException>(() => SendAsync(new() { Url = Hook }));

        Assert.Equal(A2AError.InvalidParams, refused.Error);
        Assert.Contains("url", refused.Message);
    }

    private string Hook => new Uri(_receiver.Address, "/hook").AbsoluteUri;

    private IWebhookStore Store => _engine.WebhookStore;

    private async Task<string> SendAsync(TaskPushNotificationConfig config, ProtocolVersion version = ProtocolVersion.V1_0) =>
        (await _engine.Lifecycle.SendTaskAsync(
        TestEngine.Call(version: version),
        TestEngine.Request("hello",
        configuration: new SendMessageConfiguration { ReturnImmediately = true, TaskPushNotificationConfig = config }),
        CancellationToken.None)).Id;

    private Task<TaskPushNotificationConfig> CreateConfigAsync(string task, string? id = null) => _engine.WebhookRegistry.CreateAsync(
        TestEngine.Call(), new TaskPushNotificationConfig { TaskId = task, Id = id, Url = Hook }, CancellationToken.None);

    private Task RunAsync(string task, params AgentUpdate[] updates) =>
        _engine.RunAsync(ScriptedAgent.Saying(updates), task).WithinLimit("the run ends");

    private async Task<DeliveryState> ReadAsync(string task)
    {
        var id = Assert.Single((await Store.ListWebhookIdsAsync(task, CancellationToken.None))!);
        return (await Store.ReadDeliveryAsync(task, id, CancellationToken.None))!;
    }

    private async Task DeliverAllAsync()
    {
        while (_engine.Deliveries.Take() is { } request)
            await DeliverAsync(request);
    }

    private Task<int> SweepAsync() => new WebhookSweeper(
        Store, _engine.Deliveries, _time, Options.Create(_engine.Settings), _engine.Logs.LoggerFor<WebhookSweeper>())
        .SweepAsync(CancellationToken.None);

    /// <summary>Lets the waits before retries pass, one after the other, in seconds.</summary>
    private async Task PassAsync(params double[] waits)
    {
        foreach (var wait in waits.Select(TimeSpan.FromSeconds))
        {
            await _time.WaitForTimerAsync(wait);
            _time.Advance(wait);
        }
    }

    /// <summary>A worker of its own each time: what another one remembers, it does not know.</summary>
    private async Task DeliverAsync(DeliveryRequest request, CancellationToken cancellationToken = default)
    {
        using var span = EngineSpans.StartProcess("notifications", request.TraceParent);
        var caller = new WebhookCaller(_sender, _engine.Secrets, _signer);
        await new WebhookDelivery(
            Store, _engine.Store, _engine.Deliveries, caller, _time, TestEngine.NewId, Options.Create(_options), () => 0,
            _engine.Logs.LoggerFor<WebhookDelivery>()).DeliverAsync(request, cancellationToken).WithinLimit("the delivery ends");
    }

    private sealed class AgentSigner : IWebhookSigner
    {
        public ValueTask<string?> SignAsync(
            Uri audience, string agent, string taskId, long seq, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
            new($"signed by '{agent}'");
    }
    private sealed class FailingSigner : IWebhookSigner
    {
        public bool Fails { get; set; } = true;

        public ValueTask<string?> SignAsync(
            Uri audience, string agent, string taskId, long seq, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
            Fails ? throw new InvalidOperationException("no key") : new((string?)null);
    }
}
