using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks;

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
        Assert.Equal(TaskState.Submitted, (await SendAsync(TestEngine.Request("me", task.Id, contextId: task.Task.ContextId))).Status.State);
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

    public static TheoryData<AgentUpdate> Ends => [AgentUpdate.Done(), new AgentUpdate.Failed("no"), new AgentUpdate.Rejected("no")];

    [Fact]
    public async Task ATaskThatIsAtWorkTakesNoMessage()
    {
        var task = await Engine.SendAsync("hello");
        await RefusedAsync(A2AError.UnsupportedOperation, () => Engine.SendAsync("more", task.Id));
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, task.Id);
        await agent.Began;
        var refusal = await RefusedAsync(A2AError.UnsupportedOperation, () => Engine.SendAsync("more", task.Id));
        Assert.Contains("TASK_STATE_WORKING", refusal.Message, StringComparison.Ordinal);
        agent.End();
        await run;
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
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Done()), task.Id);
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
        await SendAsync(TestEngine.Request("me", task.Id, configuration: new() { ReturnImmediately = true, TaskPushNotificationConfig = hook }));
        Assert.Equal("hook", Assert.Single((await Store.ListPushConfigsAsync(task.Owner, task.Id, default))!).Id);
    }

    private Task<A2ATask> SendAsync(SendMessageRequest request) => Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, default);
}
