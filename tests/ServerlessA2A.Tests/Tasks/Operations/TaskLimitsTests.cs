using System.Text.Json;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Operations;

/// <summary>What a caller may have of tasks, and a task of messages and webhooks.</summary>
public sealed class TaskLimitsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task ACallerWithAsManyUnfinishedTasksAsItMayMakesNoMoreUntilOneHasEnded()
    {
        var engine = Engine(new() { UnfinishedTasks = 2 });
        var first = await engine.SendAsync("one");
        await engine.SendAsync("two");

        var refusal = await Assert.ThrowsAsync<A2AException>(() => engine.SendAsync("three"));

        Assert.Equal(
            (A2AError.ResourceExhausted, "UnfinishedTasks", "2"), (refusal.Error, refusal.Metadata["limit"], refusal.Metadata["value"]));
        // Others are not affected, nor is what there is already.
        await engine.Lifecycle.SendTaskAsync(TestEngine.Call("bob"), TestEngine.Request("four"), CancellationToken.None);
        await engine.Lifecycle.CancelAsync(TestEngine.Call(), new() { Id = first.Id }, CancellationToken.None);
        await engine.SendAsync("five");
    }

    [Fact]
    public async Task AMessageThatComesAgainIsAnsweredWithItsTaskAlsoAtTheLimit()
    {
        var engine = Engine(new() { UnfinishedTasks = 1 });
        var made = await engine.SendAsync("one", messageId: "m-1");

        Assert.Equal(made.Id, (await engine.SendAsync("one", messageId: "m-1")).Id);
        await Assert.ThrowsAsync<A2AException>(() => engine.SendAsync("two", messageId: "m-2"));
    }

    [Fact]
    public async Task AnonymousCallersHaveALimitInAllOnly()
    {
        var engine = Engine(new() { UnfinishedTasks = 1, TotalUnfinishedTasks = 3 });
        var anonymous = TestEngine.Call(name: "");
        for (var i = 0; i < 3; i++)
            await engine.Lifecycle.SendTaskAsync(anonymous, TestEngine.Request($"{i}"), CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<A2AException>(() => engine.SendAsync("alice's first"));

        Assert.Equal("TotalUnfinishedTasks", refusal.Metadata["limit"]);
    }

    [Fact]
    public async Task TasksAreCountedNowAndThenAndNotForEach()
    {
        var counted = 0;
        var store = new CountingStore(new InMemoryTaskStore(_time, Options.Create(new InMemoryOptions())), () => counted++);
        var engine = new TestEngine(store, new InMemoryTaskQueue(), _time, limits: new LimitOptions { UnfinishedTasks = 100 });
        for (var i = 0; i < 50; i++)
            await engine.SendAsync($"{i}");
        Assert.Equal(1, counted);

        _time.Advance(TimeSpan.FromSeconds(11));
        await engine.SendAsync("later");
        Assert.Equal(2, counted);
    }

    [Fact]
    public async Task AMessageThatIsTooLargeIsRefusedByItsField()
    {
        var engine = Engine(new() { MessageSize = 10 });
        await engine.SendAsync("ten bytes.");

        var refusal = await Assert.ThrowsAsync<A2AException>(() => engine.SendAsync("ten bytes and more"));

        Assert.Equal(
            new FieldViolation("message", "has 18 bytes including metadata; MessageSize allows 10"),
            Assert.Single(refusal.FieldViolations));
    }

    /// <summary>What is said about a message may be as large as the message.</summary>
    [Fact]
    public async Task MetadataCountsToo()
    {
        var engine = Engine(new() { MessageSize = 30 });
        var request = TestEngine.Request("hello");
        var message = request.Message with { Metadata = Json("""{"a":"0123456789"}""") };
        await engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request with { Message = message }, CancellationToken.None);

        foreach (var larger in new[]
        {
            message with { Metadata = Json("""{"a":"01234567890123456789"}""") }, message with { Parts = [message.Parts[0] with { Metadata = Json("""{"a":"b"}""") }] },
            message with { ReferenceTaskIds = ["12345678"] }, message with { Parts = [message.Parts[0] with { Filename = "12345678" }] },
        })
        {
            var refusal = await Assert.ThrowsAsync<A2AException>(
                () => engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request with { Message = larger with { MessageId = "another" } },
                CancellationToken.None));
            Assert.Equal("message", Assert.Single(refusal.FieldViolations).Field);
        }

        static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
    }

    [Fact]
    public async Task MetadataAndOutputModesOfARequestCountToo()
    {
        var engine = Engine(new() { MessageSize = 30 });
        var request = TestEngine.Request("hello");
        SendMessageRequest[] larger =
        [
            request with { Metadata = JsonElement.Parse("""{"a":"01234567890123456789"}""") },
            request with { Configuration = new() { AcceptedOutputModes = ["text/plain", "application/json"] } },
        ];

        foreach (var each in larger)
        {
            var refusal = await Assert.ThrowsAsync<A2AException>(
                () => engine.Lifecycle.SendTaskAsync(TestEngine.Call(), each, CancellationToken.None));
            Assert.Equal("message", Assert.Single(refusal.FieldViolations).Field);
        }
    }

    /// <summary>A pending message keeps the metadata and the output modes of its request.</summary>
    [Fact]
    public async Task MetadataAndOutputModesOfPendingRequestsCountForTheTask()
    {
        var engine = Engine(new() { HistorySize = 45 });
        var task = (await engine.SendAsync("x")).Id;
        var request = TestEngine.Request("x", task);
        SendMessageRequest Next() => request with { Message = request.Message with { MessageId = TestEngine.NewId() } };
        await RefusedAsync(Next() with { Metadata = JsonElement.Parse($$"""{"a":"{{new string('b', 100)}}"}""") });
        await RefusedAsync(Next() with { Configuration = new() { AcceptedOutputModes = [.. Enumerable.Repeat("text/plain", 5)] } });

        await SendAsync(Next() with { Metadata = JsonElement.Parse("""{"a":"01234567890123456789"}""") });

        await RefusedAsync(Next() with { Metadata = JsonElement.Parse("""{"a":"0123456789"}""") });
        await SendAsync(Next());

        Task SendAsync(SendMessageRequest each) => engine.Lifecycle.SendTaskAsync(TestEngine.Call(), each, CancellationToken.None);

        async Task RefusedAsync(SendMessageRequest each)
        {
            var refusal = await Assert.ThrowsAsync<A2AException>(() => SendAsync(each));
            Assert.Equal((A2AError.ResourceExhausted, "HistorySize"), (refusal.Error, refusal.Metadata["limit"]));
        }
    }

    [Fact]
    public async Task ATaskTakesNoMoreMessagesThanItMay()
    {
        var engine = Engine(new() { HistoryMessages = 3 });
        var task = (await engine.SendAsync("hello")).Id;
        await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("what?")), task);
        await engine.SendAsync("this", task);
        await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("and?")), task);

        var refusal = await Assert.ThrowsAsync<A2AException>(() => engine.SendAsync("that", task));

        Assert.Equal("HistoryMessages", refusal.Metadata["limit"]);
    }

    [Fact]
    public async Task TheMessagesOfATaskAreNoLargerThanTheyMayBeTogether()
    {
        var engine = Engine(new() { HistorySize = 25 });
        var task = (await engine.SendAsync("ten bytes.")).Id;
        await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("what?")), task);

        var refusal = await Assert.ThrowsAsync<A2AException>(() => engine.SendAsync("eleven byte", task));

        Assert.Equal(("HistorySize", "25"), (refusal.Metadata["limit"], refusal.Metadata["value"]));
        await engine.SendAsync("ten bytes.", task);
    }

    [Fact]
    public async Task WhoCancelsIsCountedAnewOnlyWhereThereWasNoRoom()
    {
        var counted = 0;
        var store = new CountingStore(new InMemoryTaskStore(_time, Options.Create(new InMemoryOptions())), () => counted++);
        var engine = new TestEngine(
            store, new InMemoryTaskQueue(), _time, limits: new LimitOptions { UnfinishedTasks = 30, TotalUnfinishedTasks = 30 });
        for (var i = 0; i < 20; i++)
            await engine.Lifecycle.CancelAsync(
                TestEngine.Call(), new() { Id = (await engine.SendAsync($"{i}")).Id }, CancellationToken.None);

        // The caller's, and all there are.
        Assert.Equal(2, counted);
    }

    /// <summary>Whoever is refused must not have everything counted anew each time; and who has made room is let in soon.</summary>
    [Fact]
    public async Task ThatThereIsNoRoomIsCountedOnceASecond()
    {
        var counted = 0;
        var store = new CountingStore(new InMemoryTaskStore(_time, Options.Create(new InMemoryOptions())), () => counted++);
        var engine = new TestEngine(store, new InMemoryTaskQueue(), _time, limits: new LimitOptions { UnfinishedTasks = 2 });
        var first = (await engine.SendAsync("1")).Id;
        await engine.SendAsync("2");
        for (var i = 0; i < 50; i++)
            await Assert.ThrowsAsync<A2AException>(() => engine.SendAsync($"more {i}"));
        // Once at first, and once when what was added here had filled it up.
        Assert.Equal(2, counted);

        // Ended by somebody else, as far as this instance knows.
        await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Complete()), first);
        await Assert.ThrowsAsync<A2AException>(() => engine.SendAsync("too soon"));
        _time.Advance(TimeSpan.FromSeconds(1.1));
        await engine.SendAsync("3");
        Assert.Equal(3, counted);
    }

    [Fact]
    public async Task ATaskHasNoMoreWebhooksThanItMayAndOneMayTakeAnothersPlace()
    {
        var engine = Engine(new() { Webhooks = 2 });
        var task = (await engine.SendAsync("hello")).Id;
        await CreateAsync("a");
        await CreateAsync("b");

        var refusal = await Assert.ThrowsAsync<A2AException>(() => CreateAsync("c"));

        Assert.Equal("Webhooks", refusal.Metadata["limit"]);
        await CreateAsync("b");

        Task CreateAsync(string id) => engine.WebhookRegistry.CreateAsync(
            TestEngine.Call(), new() { TaskId = task, Id = id, Url = "https://hooks.example/" }, CancellationToken.None);
    }

    private TestEngine Engine(LimitOptions limits) => TestEngine.InMemory(_time, limits: limits);

    private sealed class CountingStore(ITaskStore inner, Action counted) : DelegatingTaskStore(inner)
    {
        public override ValueTask<int> CountUnfinishedAsync(string? owner, int limit, CancellationToken cancellationToken)
        {
            counted();
            return base.CountUnfinishedAsync(owner, limit, cancellationToken);
        }
    }
}
