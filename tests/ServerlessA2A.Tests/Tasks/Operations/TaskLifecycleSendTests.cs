using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Operations;

public class TaskLifecycleSendTests : TaskEngineTests
{
    [Fact]
    public async Task ASendThatDoesNotWaitAnswersTheSubmittedTask()
    {
        var task = await Engine.SendAsync("hello", messageId: "m");
        Assert.Equal(TaskState.Submitted, task.Status.State);
        Assert.Equal((task.Id, task.ContextId, "m"), (task.History![0].TaskId, task.History[0].ContextId, task.History[0].MessageId));
        Assert.Equal([task.Id], Queue.Published);
    }

    [Fact]
    public async Task TheTasksIdIsTheServersAndTheContextsIdTheClientsWhereItNamesOne()
    {
        var named = await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), TestEngine.Request("hello", contextId: "c"), default);
        Assert.Equal("c", named.ContextId);
        var (one, other) = (await Engine.SendAsync("hello"), await Engine.SendAsync("hello"));
        Assert.Equal(4, new[] { one.Id, one.ContextId, other.Id, other.ContextId }.Distinct().Count());
    }

    [Fact]
    public async Task ASendThatWaitsAnswersWhenTheTaskEndsOrWaits()
    {
        var sending = Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), TestEngine.Request("hello", configuration: new()), default);
        var id = Assert.Single(Queue.Published);
        Assert.False(sending.IsCompleted);
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Report("busy"), AgentUpdate.Artifact("a", "done")), id);
        var task = await sending.WithinLimit("the send answers");
        Assert.Equal(Describe.Json((await Engine.ReadAsync(id)).Task), Describe.Json(task));
        Assert.Equal((TaskState.Completed, "done"), (task.Status.State, task.Artifacts![0].Parts[0].Text));
    }

    [Theory]
    [MemberData(nameof(Interruptions))]
    public async Task ASendThatWaitsAnswersWhenTheAgentAsks(AgentUpdate question, TaskState state)
    {
        var sending = Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), TestEngine.Request("hello", configuration: new()), default);
        await Engine.RunAsync(ScriptedAgent.Saying(question), Queue.Published[0]);
        Assert.Equal(state, (await sending.WithinLimit("the send answers")).Status.State);
    }

    public static TheoryData<AgentUpdate, TaskState> Interruptions => new()
    {
        { AgentUpdate.Ask("what?"), TaskState.InputRequired },
        { AgentUpdate.RequireAuthorization([Part.FromText("sign in")]), TaskState.AuthRequired },
    };

    [Fact]
    public async Task WhenTheRequestsTimeIsUpASendThatWaitsAnswersTheTaskAsItStands()
    {
        using var timeUp = new CancellationTokenSource();
        var sending = Engine.Lifecycle.SendTaskAsync(
            TestEngine.Call(timeUp: timeUp.Token), TestEngine.Request("hello", configuration: new()), default);
        var id = Queue.Published[0];
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, id);
        await agent.Began;
        await timeUp.CancelAsync();
        Assert.Equal(TaskState.Working, (await sending.WithinLimit("the send answers")).Status.State);
        agent.End();
        await run;
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(id)).State);
    }

    [Fact]
    public async Task AClientThatGoesEndsItsWaitAndNotItsTask()
    {
        using var gone = new CancellationTokenSource();
        var sending = Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), TestEngine.Request("hello", configuration: new()), gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WithinLimit("the send ends"));
        Assert.Equal(TaskState.Submitted, (await Engine.ReadAsync(Assert.Single(Queue.Published))).State);
    }

    [Fact]
    public async Task WhatIsStoredIsPublishedAlsoWhenTheClientHasGone()
    {
        var gone = new CancellationToken(canceled: true);
        var task = await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), TestEngine.Request("hello"), gone);
        Assert.Equal([task.Id], Queue.Published);
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("what?")), task.Id);
        await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), TestEngine.Request("that", task.Id), gone);
        Assert.Equal([task.Id, task.Id], Queue.Published);
    }

    [Fact]
    public async Task ARepeatedSendFindsItsTaskAndAsksForNoSecondRunOnceItHasBegun()
    {
        var first = await Engine.SendAsync("hello", messageId: "m");
        Assert.Equal(first.Id, (await Engine.SendAsync("hello", messageId: "m")).Id);
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Complete()), first.Id);
        var published = Queue.Published.Count;
        var again = await Engine.SendAsync("hello", messageId: "m");
        Assert.Equal((first.Id, TaskState.Completed, published), (again.Id, again.Status.State, Queue.Published.Count));
    }

    [Fact]
    public async Task ASendWhosePublishFailedIsPublishedWhenItIsRepeated()
    {
        Queue.Fails = true;
        await Assert.ThrowsAsync<TaskStoreException>(() => Engine.SendAsync("hello", messageId: "m"));
        Queue.Fails = false;
        var task = await Engine.SendAsync("hello", messageId: "m");
        Assert.Equal([task.Id], Queue.Published);
        Assert.Equal(1, (await Engine.Lifecycle.ListAsync(TestEngine.Call(), new ListTasksRequest(), default)).TotalSize);
    }

    [Fact]
    public async Task AMessageIdOfAnotherCallerIsNoRepetition()
    {
        var mine = await Engine.SendAsync("hello", messageId: "m");
        var theirs = await Engine.Lifecycle.SendTaskAsync(TestEngine.Call("bob"), TestEngine.Request("hello", messageId: "m"), default);
        Assert.NotEqual(mine.Id, theirs.Id);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(0, null)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(99, 3)]
    public async Task TheHistoryIsAsLongAsWasAskedForAndItsNewest(int? asked, int? length)
    {
        var task = await RunAsync(AgentUpdate.Report("one"), AgentUpdate.Report("two"), AgentUpdate.Complete("three"));
        var read = await Engine.Lifecycle.GetAsync(TestEngine.Call(), new GetTaskRequest { Id = task.Id, HistoryLength = asked }, default);
        Assert.Equal(length, read.History?.Count);
        if (length > 0)
            Assert.Equal("two", read.History![^1].Parts[0].Text);
        var sent = await Engine.Lifecycle.SendTaskAsync(
            TestEngine.Call(),
            TestEngine.Request("hello", messageId: task.Request.MessageId, configuration: new() { HistoryLength = asked }), default);
        Assert.Equal(Describe.Json(read), Describe.Json(sent));
    }

    [Fact]
    public async Task WhatTheClientCanTakeAndItsMetadataReachTheAgent()
    {
        var request = TestEngine.Request("hello", configuration: new() { ReturnImmediately = true, AcceptedOutputModes = ["text/*"] }) with
        {
            Metadata = JsonElement.Parse("""{"k":1}"""),
        };
        var task = await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, default);
        var agent = ScriptedAgent.Saying();
        await Engine.RunAsync(agent, task.Id);
        Assert.Equal(["text/*"], agent.Seen!.AcceptedOutputModes);
        Assert.Equal("""{"k":1}""", agent.Seen.RequestMetadata!.Value.GetRawText());
    }

    [Fact]
    public async Task ContentThatTheAgentCannotReadOrWriteIsRefusedAndStoresNothing()
    {
        var request = TestEngine.Request("hello");
        var image = request with { Message = request.Message with { Parts = [Part.FromBytes(new byte[] { 1 }, "image/png")] } };
        await RefusedAsync(A2AError.ContentTypeNotSupported, () => Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), image, default));
        var unreadable = request with { Configuration = new() { AcceptedOutputModes = ["audio/*"] } };
        await RefusedAsync(A2AError.ContentTypeNotSupported, () => Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), unreadable, default));
        Assert.Empty(Queue.Published);
        Assert.Equal(0, (await Engine.Lifecycle.ListAsync(TestEngine.Call(), new ListTasksRequest(), default)).TotalSize);
    }

    [Fact]
    public async Task AWebhookInTheSendIsStoredWithTheTaskAndRefusedWhereTheyAreOff()
    {
        var hook = new TaskPushNotificationConfig { Url = "https://client.example/hook" };
        var request = TestEngine.Request("hello", configuration: new() { ReturnImmediately = true, TaskPushNotificationConfig = hook });
        var task = await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, default);
        var stored = Assert.Single((await Engine.WebhookStore.ListWebhooksAsync(TestEngine.Call().Caller.Owner, task.Id, default))!);
        Assert.Equal((hook.Url, task.Id, stored.Id), (stored.Config.Url, stored.Config.TaskId, stored.Config.Id));

        var off = EngineWith(new TaskOptions(), new AgentCardOptions { PushNotifications = false });
        await RefusedAsync(
            A2AError.PushNotificationNotSupported, () =>
            off.Lifecycle.SendTaskAsync(TestEngine.Call(), request with { Message = TestEngine.Request("x").Message }, default));
    }

    [Fact]
    public async Task AMessageWithoutPartsIsRefused() => await RefusedAsync(A2AError.InvalidParams, () => Engine.Lifecycle.SendTaskAsync(
        TestEngine.Call(), new SendMessageRequest { Message = TestEngine.Request("x").Message with { Parts = [] } }, default));
}
