using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <summary>Agents that answer with a message instead of a task.</summary>
public abstract partial class TaskRunningConformance
{
    private readonly string _conversation = TestEngine.NewId();

    private static ScriptedAgent Replying => ScriptedAgent.Saying(AgentUpdate.Reply("hi"));

    [SkippableFact]
    public async Task AClientThatWaitsIsAnsweredWithTheMessageAndARepeatWithTheSame()
    {
        var engine = Replier();
        var request = Request(waits: true);
        var sending = engine.Lifecycle.SendAsync(TestEngine.Call(), request, default);
        var id = (await TakeAsync()).TaskId;
        await Replier().RunAsync(Replying, id);

        var message = AssertReply(await sending.WithinLimit("the send answers"));

        Assert.Equal("MessageReceived RunStarted Replied", Describe.Kinds(await One.EventsAsync(id)));
        Assert.Equal(
            Describe.Json(message), Describe.Json(AssertReply(await Replier().Lifecycle.SendAsync(TestEngine.Call(), request, default))));
        var streamed = await StreamAsync(engine, request);
        Assert.Equal((3L, true), (Assert.Single(streamed).Id, streamed[0].IsFinal));
        Assert.Equal(Describe.Json(message), Describe.Json(streamed[0].Response.Message!));
    }

    [SkippableFact]
    public async Task AStreamIsTheMessageAlone()
    {
        var engine = Replier();
        var streaming = StreamAsync(engine, Request(waits: true));
        await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.SaveCheckpoint("x"), AgentUpdate.Reply("hi")), (await TakeAsync()).TaskId);

        var item = Assert.Single(await streaming);

        Assert.Equal((4L, true), (item.Id, item.IsFinal));
        AssertReply(new SendMessageResponse { Message = item.Response.Message });
    }

    [SkippableFact]
    public async Task TheTaskBehindAMessageIsReadByItsIdAndInNoList()
    {
        var id = await ReplyAsync();
        var task = await One.Lifecycle.GetAsync(TestEngine.Call(), new GetTaskRequest { Id = id }, default);
        Assert.Equal((TaskState.Completed, "hi", id), (task.Status.State, task.Status.Message!.Parts[0].Text, task.Status.Message.TaskId));
        await Assert.ThrowsAsync<A2AException>(
            () => One.Lifecycle.GetAsync(TestEngine.Call("bob"), new GetTaskRequest { Id = id }, default));
        Assert.Equal(0, (await ListAsync()).TotalSize);
        await Assert.ThrowsAsync<A2AException>(
            () => One.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, default));
    }

    [SkippableFact]
    public async Task AnAgentRemembersWhatItRepliedWithAMessage()
    {
        var first = await ReplyAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        IReadOnlyList<A2ATask> earlier = [];
        var second = await Replier().Lifecycle.SendTaskAsync(TestEngine.Call(), Request(waits: false), default);
        await One.RunAsync(
            new ScriptedAgent((task, cancellationToken) => RememberAsync(task, found => earlier = found, cancellationToken)), second.Id);
        Assert.Equal((first, "hi"), (Assert.Single(earlier).Id, earlier[0].Status.Message!.Parts[0].Text));
    }

    [SkippableTheory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task AClientThatDoesNotWaitOrHasAWebhookGetsACompletedTaskWhichIsListed(bool waits, bool hasWebhook)
    {
        var engine = Replier();
        var request = Request(waits, hasWebhook ? new TaskPushNotificationConfig { Url = "https://client.example" } : null);
        var sending = engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, default);
        var id = (await TakeAsync()).TaskId;
        await engine.RunAsync(Replying, id);

        Assert.Equal(waits ? TaskState.Completed : TaskState.Submitted, (await sending.WithinLimit("the send answers")).Status.State);
        Assert.Equal("MessageReceived RunStarted Completed", Describe.Kinds(await One.EventsAsync(id)));
        Assert.Equal("hi", (await One.ReadAsync(id)).Task.Status.Message!.Parts[0].Text);
        Assert.Equal(id, Assert.Single((await ListAsync()).Tasks).Id);
    }

    [SkippableFact]
    public async Task AWebhookThatIsMadeWhileTheAgentWorksIsToldOfTheCompletedTask()
    {
        var engine = Replier();
        var sending = engine.Lifecycle.SendAsync(TestEngine.Call(), Request(waits: true), default);
        var id = (await TakeAsync()).TaskId;
        var agent = new PacedAgent();
        var run = engine.RunAsync(agent, id);
        await agent.Began;
        await One.WebhookRegistry.CreateAsync(
            TestEngine.Call(), new TaskPushNotificationConfig { Id = "hook", TaskId = id, Url = "https://client.example" }, default);
        agent.Say(AgentUpdate.Reply("hi"));
        agent.End();
        await run.WithinLimit("the run ends");

        await sending.WithinLimit("the send answers");
        Assert.Contains(engine.Deliveries.Published, request => request.TaskId == id && request.Seq == 3);
        var events = (await ((IWebhookStore)Store).ReadEventsAsync(id, 2, default))!;
        Assert.True(events.IsTerminalOrInterrupted);
        var told = TaskStreams.ToResponse(id, events.ContextId, 3, events.Entries[0].At, events.Entries[0].Events[0])!.StatusUpdate!;
        Assert.Equal((TaskState.Completed, "hi"), (told.Status.State, told.Status.Message!.Parts[0].Text));
    }

    [SkippableTheory]
    [MemberData(nameof(Shows))]
    public async Task WhatComesBeforeTheMessageShowsTheTaskAndTheMessageEndsIt(AgentUpdate first, string kind)
    {
        var engine = Replier();
        var streaming = StreamAsync(engine, Request(waits: true));
        var id = (await TakeAsync()).TaskId;
        await engine.RunAsync(ScriptedAgent.Saying(first, AgentUpdate.Reply("hi")), id);

        var items = await streaming;

        Assert.Equal([1L, 2, 3, 4], items.Select(item => item.Id));
        Assert.Equal(TaskState.Submitted, items[0].Response.Task!.Status.State);
        Assert.Equal("hi", items[^1].Response.StatusUpdate!.Status.Message!.Parts[0].Text);
        Assert.Equal($"MessageReceived RunStarted {kind} Completed", Describe.Kinds(await One.EventsAsync(id)));
        Assert.Equal(1, (await ListAsync()).TotalSize);
    }

    public static TheoryData<AgentUpdate, string> Shows => new()
    {
        { AgentUpdate.Report("busy"), "Working" },
        { AgentUpdate.Artifact("a", "x"), "ArtifactUpdated" },
    };

    [SkippableFact]
    public async Task AMessageAfterAnAnsweredQuestionEndsTheTaskThatTheClientKnows()
    {
        var engine = Replier();
        var sending = engine.Lifecycle.SendTaskAsync(TestEngine.Call(), Request(waits: true), default);
        var id = (await TakeAsync()).TaskId;
        await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("who?")), id);
        Assert.Equal(TaskState.InputRequired, (await sending.WithinLimit("the send answers")).Status.State);

        var answering = engine.Lifecycle.SendTaskAsync(TestEngine.Call(), TestEngine.Request("me", id, configuration: new()), default);
        await TakeAsync();
        await engine.RunAsync(Replying, id);

        Assert.Equal(TaskState.Completed, (await answering.WithinLimit("the answer is answered")).Status.State);
        Assert.Equal(1, (await ListAsync()).TotalSize);
    }

    [SkippableFact]
    public async Task AfterACrashThatShowedNothingTheMessageStillTakesTheTasksPlace()
    {
        var engine = Replier();
        var sending = engine.Lifecycle.SendAsync(TestEngine.Call(), Request(waits: true), default);
        var id = (await TakeAsync()).TaskId;
        await LoseRunAsync(id, AgentUpdate.SaveCheckpoint("1"));
        await Replier().RunAsync(Replying, id);
        await Replier().RunAsync(Replying, id);
        AssertReply(await sending.WithinLimit("the send answers"));
        Assert.Equal("MessageReceived RunStarted CheckpointSaved RunStarted Replied", Describe.Kinds(await One.EventsAsync(id)));
    }

    [SkippableFact]
    public async Task AfterACrashThatShowedAnArtifactTheMessageEndsTheTask()
    {
        var engine = Replier();
        var sending = engine.Lifecycle.SendTaskAsync(TestEngine.Call(), Request(waits: true), default);
        var id = (await TakeAsync()).TaskId;
        await LoseRunAsync(id, Begin("a", "shown, and taken back"));
        await Replier().RunAsync(Replying, id);
        Assert.Equal(TaskState.Completed, (await sending.WithinLimit("the send answers")).Status.State);
        Assert.Equal("MessageReceived RunStarted ArtifactUpdated RunStarted Completed", Describe.Kinds(await One.EventsAsync(id)));
    }

    [SkippableFact]
    public async Task AfterAHandOverTheMessageStillTakesTheTasksPlace()
    {
        var settings = new TaskOptions { HandOverMargin = TimeSpan.FromSeconds(529) };
        var engine = Replier(settings);
        var sending = engine.Lifecycle.SendAsync(TestEngine.Call(), Request(waits: true), default);
        var id = (await TakeAsync()).TaskId;
        var agent = new PacedAgent();
        var run = engine.RunAsync(agent, id);
        await agent.Began;
        Time.Advance(TimeSpan.FromSeconds(2));
        agent.Say(AgentUpdate.SaveCheckpoint("1"));
        await run.WithinLimit("the run hands over");
        await Replier().RunAsync(Replying, (await TakeAsync()).TaskId);
        AssertReply(await sending.WithinLimit("the send answers"));
    }

    [SkippableFact]
    public async Task ACancelBeforeTheMessageLeavesACanceledTask()
    {
        var engine = Replier();
        var streaming = StreamAsync(engine, Request(waits: true));
        var id = (await TakeAsync()).TaskId;
        var agent = new PacedAgent();
        var run = engine.RunAsync(agent, id);
        await agent.Began;
        await Other.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, default);
        agent.Say(AgentUpdate.Reply("too late"));
        agent.End();
        await run.WithinLimit("the run ends");
        Assert.Equal([1L, 2, 3], (await streaming).Select(item => item.Id));
        Assert.Equal(1, (await ListAsync()).TotalSize);
    }

    [SkippableFact]
    public async Task AMessageThatComesWhenTheClientsTimeIsUpEndsTheTaskThatTheClientWasAnsweredWith()
    {
        using var timeUp = new CancellationTokenSource();
        var engine = Replier();
        var call = TestEngine.Call(timeUp: timeUp.Token) with { TimeUpAt = Time.GetUtcNow() + TimeSpan.FromSeconds(55) };
        var streaming = StreamAsync(engine, Request(waits: true), call: call);
        var id = (await TakeAsync()).TaskId;
        var agent = new PacedAgent();
        var run = engine.RunAsync(agent, id);
        await agent.Began;
        Time.Advance(TimeSpan.FromSeconds(55));
        await timeUp.CancelAsync();
        Assert.Equal(1L, (await streaming)[0].Id);
        agent.Say(AgentUpdate.Reply("late"));
        agent.End();
        await run.WithinLimit("the run ends");

        Assert.Equal("MessageReceived RunStarted Completed", Describe.Kinds(await One.EventsAsync(id)));
        Assert.Equal(1, (await ListAsync()).TotalSize);
    }

    [SkippableTheory]
    [InlineData(0L, "3:message")]
    [InlineData(1L, "2:Working 3:Completed")]
    [InlineData(2L, "3:Completed")]
    [InlineData(3L, "3:message")]
    public async Task ARepeatedStreamGoesOnFromTheEventThatTheClientHas(long lastEventId, string expected)
    {
        var request = Request(waits: true);
        await ReplyAsync(request);
        var items = await StreamAsync(Replier(), request, lastEventId);
        Assert.Equal(
            expected, string.Join(' ',
            items.Select(item =>
            $"{item.Id}:{item.Response.StatusUpdate?.Status.State.ToString() ?? (item.Response.Message is null ? "task" : "message")}")));
        Assert.True(items[^1].IsFinal);
    }

    [SkippableFact]
    public async Task WhoSubscribesWhileTheAgentWorksSeesTheTaskCompleted()
    {
        var engine = Replier();
        var sending = engine.Lifecycle.SendAsync(TestEngine.Call(), Request(waits: true), default);
        var id = (await TakeAsync()).TaskId;
        await using var subscription = One.Lifecycle
            .SubscribeAsync(TestEngine.Call(), new SubscribeToTaskRequest { Id = id }, null, default)
            .GetAsyncEnumerator();
        Assert.True(await subscription.MoveNextAsync());
        Assert.NotNull(subscription.Current.Response.Task);
        await engine.RunAsync(Replying, id);
        AssertReply(await sending.WithinLimit("the send answers"));
        Assert.True(await subscription.MoveNextAsync());
        Assert.True(await subscription.MoveNextAsync());
        Assert.Equal((TaskState.Completed, true), (subscription.Current.Response.StatusUpdate!.Status.State, subscription.Current.IsFinal));
    }

    [SkippableFact]
    public async Task AnAgentThatIsNotRegisteredAsReplyingFailsItsTaskWithAMessage()
    {
        var task = await One.SendAsync("hello");
        await One.RunAsync(Replying, task.Id);
        var ended = await One.ReadAsync(task.Id);
        Assert.Equal(TaskState.Failed, ended.State);
        Assert.Contains("A2A:Agent:Replies", ended.Task.Status.Message!.Parts[0].Text, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<AgentUpdate> RememberAsync(
        AgentContext task, Action<IReadOnlyList<A2ATask>> remember,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        remember(await task.ReadEarlierTasksAsync(10, cancellationToken));
        yield return AgentUpdate.Complete();
    }

    private static Message AssertReply(SendMessageResponse response)
    {
        Assert.Null(response.Task);
        var message = response.Message!;
        Assert.Equal((Role.Agent, null, "hi"), (message.Role, message.TaskId, message.Parts[0].Text));
        Assert.NotEmpty(message.MessageId);
        Assert.NotEmpty(message.ContextId!);
        return message;
    }

    /// <summary>A message in the place of its task, whose id is answered.</summary>
    private async Task<string> ReplyAsync(SendMessageRequest? request = null)
    {
        var engine = Replier();
        var sending = engine.Lifecycle.SendAsync(TestEngine.Call(), request ?? Request(waits: true), default);
        var id = (await TakeAsync()).TaskId;
        await engine.RunAsync(Replying, id);
        AssertReply(await sending.WithinLimit("the send answers"));
        return id;
    }

    private TestEngine Replier(TaskOptions? settings = null) =>
        new(Store, Queue, Time, settings, new AgentCardOptions { PushNotifications = true, Replies = true });

    private SendMessageRequest Request(bool waits, TaskPushNotificationConfig? webhook = null) => TestEngine.Request(
        "hello", contextId: _conversation, configuration: new() { ReturnImmediately = !waits, TaskPushNotificationConfig = webhook });

    private static Task<List<StreamItem>> StreamAsync(
        TestEngine engine, SendMessageRequest request, long? lastEventId = null, CallContext? call = null) => Task.Run(async () =>
    {
        var items = new List<StreamItem>();
        await foreach (var item in engine.Lifecycle.SendStreamingAsync(call ?? TestEngine.Call(), request, lastEventId, default))
            items.Add(item);
        return items;
    }).WithinLimit("the stream ends");

    private Task<ListTasksResponse> ListAsync() =>
        One.Lifecycle.ListAsync(TestEngine.Call(), new ListTasksRequest { ContextId = _conversation }, default);
}
