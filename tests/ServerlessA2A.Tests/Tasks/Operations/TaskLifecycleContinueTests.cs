using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Operations;

public class TaskLifecycleContinueTests : TaskEngineTests
{
    [Fact]
    public async Task AnAnswerTakesItsContextFromTheTask()
    {
        var task = await RunAsync(AgentUpdate.Ask("who?"));
        var answered = await Engine.SendAsync("me", task.Id);
        Assert.Equal((task.Task.ContextId, task.Task.ContextId), (answered.ContextId, answered.History![^1].ContextId));
    }

    [Fact]
    public async Task AnAnswerWithTheTasksOwnContextIsTakenAndWithAnotherRefused()
    {
        var task = await RunAsync(AgentUpdate.Ask("who?"));
        var refusal = await RefusedAsync(A2AError.InvalidParams, () => SendAsync(TestEngine.Request("me", task.Id, contextId: "another")));
        Assert.Equal("message.contextId", refusal.FieldViolations[0].Field);
        Assert.Equal(
            TaskState.Submitted, (await SendAsync(TestEngine.Request("me", task.Id, contextId: task.Task.ContextId))).Status.State);
    }

    [Fact]
    public async Task AMessageForATaskThatIsUnknownOrAnothersIsNotFound()
    {
        var task = await RunAsync(AgentUpdate.Ask("who?"));
        var unknown = await RefusedAsync(A2AError.TaskNotFound, () => SendAsync(TestEngine.Request("me", "unknown")));
        var theirs = await RefusedAsync(A2AError.TaskNotFound, () =>
            Engine.Lifecycle.SendTaskAsync(TestEngine.Call("bob"), TestEngine.Request("me", task.Id), default));
        Assert.Equal(unknown.Message, theirs.Message);
        // The owner is looked at before the context, which would tell that there is such a task.
        await RefusedAsync(A2AError.TaskNotFound, () =>
            Engine.Lifecycle.SendTaskAsync(TestEngine.Call("bob"), TestEngine.Request("me", task.Id, contextId: "another"), default));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task ATaskThatHasEndedTakesNoMoreMessages(AgentUpdate last)
    {
        var task = await RunAsync(last);
        var refusal = await RefusedAsync(A2AError.UnsupportedOperation, () => Engine.SendAsync("more", task.Id));
        Assert.Contains("has ended", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<AgentUpdate> Ends => [AgentUpdate.Complete(), AgentUpdate.Fail("no"), AgentUpdate.Reject("no")];

    [Fact]
    public async Task AMessageToATaskAtWorkAsksForARunOnlyWhereNobodyHoldsTheTask()
    {
        var task = await Engine.SendAsync("hello");
        Assert.Equal(TaskState.Submitted, (await Engine.SendAsync("more", task.Id)).Status.State);
        Assert.Equal([task.Id, task.Id], Queue.Published);
        var agent = new PacedAgent();
        // Its clock stands: it must not renew the lease that expires below.
        _ = new TestEngine(Store, Queue, new ManualTimeProvider()).RunAsync(agent, task.Id);
        await agent.Began;
        Assert.Equal(TaskState.Working, (await Engine.SendAsync("and more", task.Id)).Status.State);
        Assert.Equal(2, Queue.Published.Count);
        // Its worker is lost; nobody has noticed yet.
        Time.Advance(Engine.Settings.LeaseDuration);
        await new TestEngine(Store, Queue, Time).SendAsync("still there?", task.Id);
        Assert.Equal(3, Queue.Published.Count);
    }

    [Fact]
    public async Task AMessageToATaskAtWorkThatComesAgainIsPublishedAgainWhereThatFailed()
    {
        var task = await Engine.SendAsync("hello");
        Queue.Fails = true;
        await Assert.ThrowsAsync<TaskStoreException>(() => Engine.SendAsync("more", task.Id, "more"));
        Queue.Fails = false;
        Assert.Equal(
            ["hello", "more"], (await Engine.SendAsync("more", task.Id, "more")).History!.Select(message => message.Parts[0].Text));
        Assert.Equal([task.Id, task.Id], Queue.Published);
    }

    [Fact]
    public async Task ASendToATaskAtWorkThatWaitsIsAnsweredWhenTheTaskEndsOrWaits()
    {
        var task = await Engine.SendAsync("hello");
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, task.Id);
        await agent.Began;
        var sending = SendAsync(TestEngine.Request("more", task.Id, configuration: new SendMessageConfiguration()));
        await Engine.WaitForAsync(task.Id, taskEvent => taskEvent is MessageAdded);
        agent.End();
        await run.WithinLimit("the run ends");
        Assert.False(sending.IsCompleted);

        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Complete("both")), task.Id);

        Assert.Equal(TaskState.Completed, (await sending.WithinLimit("the send is answered")).Status.State);
    }

    [Fact]
    public async Task AStreamOfATaskAtWorkShowsTheTaskAndNothingOfTheMessagesItself()
    {
        var task = await Engine.SendAsync("hello");
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, task.Id);
        await agent.Began;
        await using var stream = Engine.Lifecycle.SendStreamingAsync(TestEngine.Call(), TestEngine.Request("more", task.Id), null, default)
            .GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal("3:task Working", InBrief(stream.Current));
        var reading = Task.Run(async () =>
        {
            var items = new List<string>();
            while (await stream.MoveNextAsync())
                items.Add(InBrief(stream.Current));
            return items;
        });
        agent.Say(AgentUpdate.Complete("one"));
        agent.End();
        await run.WithinLimit("the run ends");
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Complete("both")), task.Id);

        // 5 is the change of request, 6 the next run.
        Assert.Equal(["4:Working", "7:Completed final"], await reading.WithinLimit("the stream ends"));
    }

    [Fact]
    public async Task AWebhookIsToldNothingOfAnAddedMessageAndTheOneThatComesWithItAllThatFollows()
    {
        var task = await Engine.SendAsync("hello");
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, task.Id);
        await agent.Began;
        var hook = new TaskPushNotificationConfig { Id = "hook", Url = "https://client.example/hook" };
        await SendAsync(
            TestEngine.Request("more", task.Id, configuration: new() { ReturnImmediately = true, TaskPushNotificationConfig = hook }));
        Assert.Empty(Engine.Deliveries.Published);
        Assert.True((await agent.Began).NewMessages.TryRead(out _) || await (await agent.Began).NewMessages.WaitToReadAsync());

        await agent.SayAsync(AgentUpdate.Report("busy"));

        Assert.Equal(["hook"], Engine.Deliveries.Published.Select(request => request.WebhookId));
        agent.End();
        await run.WithinLimit("the run ends");
    }

    [Theory]
    [InlineData(Role.User)]
    [InlineData(Role.Agent)]
    public async Task AnAnswerThatComesAgainIsTakenOnceWhoeverSpeaks(Role role)
    {
        var task = await RunAsync(AgentUpdate.Ask("who?"));
        var request = TestEngine.Request("me", task.Id);
        request = request with { Message = request.Message with { Role = role } };
        await SendAsync(request);
        Assert.Equal(TaskState.Submitted, (await SendAsync(request)).Status.State);
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Complete()), task.Id);
        Assert.Equal(TaskState.Completed, (await SendAsync(request)).Status.State);
        Assert.Equal(2, (await Engine.EventsAsync(task.Id)).OfType<MessageReceived>().Count());
    }

    [Fact]
    public async Task AnAnswerWhosePublishFailedIsPublishedWhenItIsRepeated()
    {
        var task = await RunAsync(AgentUpdate.Ask("who?"));
        var published = Queue.Published.Count;
        Queue.Fails = true;
        await Assert.ThrowsAsync<TaskStoreException>(() => Engine.SendAsync("me", task.Id, "answer"));
        Queue.Fails = false;
        await Engine.SendAsync("me", task.Id, "answer");
        Assert.Equal(published + 1, Queue.Published.Count);
        Assert.Equal(2, (await Engine.EventsAsync(task.Id)).OfType<MessageReceived>().Count());
    }

    [Fact]
    public async Task AnAnswerWhoseStoringWasNotConfirmedIsTakenOnceWhenItIsRepeated()
    {
        var task = await RunAsync(AgentUpdate.Ask("who?"));
        Store.LosesAnswer = _ => true;
        await Assert.ThrowsAsync<TaskStoreException>(() => Engine.SendAsync("me", task.Id, "answer"));
        Store.LosesAnswer = _ => false;
        Assert.Equal(TaskState.Submitted, (await Engine.SendAsync("me", task.Id, "answer")).Status.State);
        Assert.Equal([task.Id, task.Id], Queue.Published);
    }

    [Fact]
    public async Task ASendThatIsRepeatedAfterItsTaskWentOnAnswersTheTaskAsItIsNow()
    {
        var first = await Engine.SendAsync("hello", messageId: "m");
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("who?")), first.Id);
        Assert.Equal(TaskState.InputRequired, (await Engine.SendAsync("hello", messageId: "m")).Status.State);
    }

    [Fact]
    public async Task AWebhookInAnAnswerIsStored()
    {
        var task = await RunAsync(AgentUpdate.Ask("who?"));
        var hook = new TaskPushNotificationConfig { Id = "hook", Url = "https://client.example/hook" };
        await SendAsync(
            TestEngine.Request("me", task.Id, configuration: new() { ReturnImmediately = true, TaskPushNotificationConfig = hook }));
        Assert.Equal("hook", Assert.Single((await Engine.WebhookStore.ListWebhooksAsync(task.Owner, task.Id, default))!).Id);
    }

    private Task<A2ATask> SendAsync(SendMessageRequest request) => Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, default);
}
