using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Operations;

public class DuplicateDetectionTests : TaskEngineTests
{
    [Fact]
    public async Task AMessageIdWithOtherContentIsRejectedAndMakesNothing()
    {
        await Engine.SendAsync("hello", messageId: "m");
        await RejectedAsync(() => Engine.SendAsync("goodbye", messageId: "m"));
        Assert.Single(Queue.Published);
        Assert.Equal(1, (await Engine.Lifecycle.ListAsync(TestEngine.Call(), new ListTasksRequest(), default)).TotalSize);
    }

    [Fact]
    public async Task AMessageIdWithOtherContentIsRejectedAlsoWhereThereIsNoRoomForATask()
    {
        var engine = TestEngine.InMemory(limits: new LimitOptions { UnfinishedTasks = 1 });
        var first = await engine.SendAsync("hello", messageId: "m");
        await RejectedAsync(() => engine.SendAsync("goodbye", messageId: "m"));
        Assert.Equal(first.Id, (await engine.SendAsync("hello", messageId: "m")).Id);
    }

    [Fact]
    public async Task TheSameContentIsARepeatWhateverTheConfigurationOfTheSecondRequest()
    {
        var first = await Engine.SendAsync("hello", messageId: "m");
        var request = TestEngine.Request(
            "hello", messageId: "m",
            configuration: new() { ReturnImmediately = true, HistoryLength = 0, AcceptedOutputModes = ["text/plain"] });
        Assert.Equal(first.Id, (await SendAsync("alice", request)).Id);
    }

    [Theory]
    [InlineData("the first", "the first", true)]
    [InlineData("the first", "other", false)]
    [InlineData("the answer", "me", true)]
    [InlineData("the answer", "not me", false)]
    public async Task AnAnswerThatReusesAnIdOfItsTaskIsARepeatOrRejected(string messageId, string text, bool isRepeat)
    {
        var task = await Engine.SendAsync("the first", messageId: "the first");
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("who?")), task.Id);
        await Engine.SendAsync("me", task.Id, "the answer");
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("who else?")), task.Id);

        if (isRepeat)
            Assert.Equal(TaskState.InputRequired, (await Engine.SendAsync(text, task.Id, messageId)).Status.State);
        else
            await RejectedAsync(() => Engine.SendAsync(text, task.Id, messageId));

        Assert.Equal(2, (await Engine.EventsAsync(task.Id)).OfType<MessageReceived>().Count());
    }

    [Fact]
    public async Task AnAnswerIsARepeatWhetherOrNotItNamesItsContext()
    {
        var task = await RunAsync(AgentUpdate.Ask("who?"));
        await Engine.SendAsync("me", task.Id, "answer");
        await SendAsync("alice", TestEngine.Request("me", task.Id, "answer", contextId: task.Task.ContextId));
        Assert.Equal(2, (await Engine.EventsAsync(task.Id)).OfType<MessageReceived>().Count());
    }

    [Fact]
    public async Task AnAnswerWithTheIdOfTheAgentsQuestionIsRejected()
    {
        var task = await RunAsync(AgentUpdate.Ask("who?"));
        var question = task.Task.Status.Message!.MessageId;
        await Engine.SendAsync("me", task.Id);
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("who else?")), task.Id);
        await RejectedAsync(() => Engine.SendAsync("who?", task.Id, question));
    }

    [Theory]
    [InlineData("m-1")]
    [InlineData("")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("c232ab00-9414-11ec-b3c8-9f6bdeced846")]
    [InlineData("5df41881-3aed-3515-88a7-2f4a814cf09e")]
    [InlineData("919108f7-52d1-4320-0bac-f847db4148a8")]
    public async Task AnAnonymousCallersMessageMakesANewTaskEachTimeWhereItsIdCouldBeGuessed(string id)
    {
        if (id.Length == 0)
            id = new string('7', 300);
        var first = await SendAsync("", TestEngine.Request("hello", messageId: id));
        var second = await SendAsync("", TestEngine.Request("hello", messageId: id));
        var third = await SendAsync("", TestEngine.Request("goodbye", messageId: id));
        Assert.Equal(3, new[] { first.Id, second.Id, third.Id }.Distinct().Count());
        Assert.Equal("goodbye", third.History![0].Parts[0].Text);
    }

    [Theory]
    [InlineData("919108f7-52d1-4320-9bac-f847db4148a8")]
    [InlineData("919108F752D143209BACF847DB4148A8")]
    [InlineData("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")]
    public async Task AnAnonymousCallersRandomIdIsFoundAgainAndBoundToItsContent(string id)
    {
        var first = await SendAsync("", TestEngine.Request("hello", messageId: id));
        Assert.Equal(first.Id, (await SendAsync("", TestEngine.Request("hello", messageId: id))).Id);
        await RejectedAsync(() => SendAsync("", TestEngine.Request("goodbye", messageId: id)));
    }

    [Fact]
    public async Task WhereDuplicatesAreNotDetectedEachMessageIsANewOne()
    {
        var engine = EngineWith(new TaskOptions { DetectDuplicates = false });
        var first = await engine.SendAsync("hello", messageId: "m");
        Assert.NotEqual(first.Id, (await engine.SendAsync("hello", messageId: "m")).Id);
        Assert.Null(await Store.FindClaimAsync(TestEngine.Call().Caller.Owner, "m", default));
        await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("who?")), first.Id);

        await engine.SendAsync("me", first.Id, "m");

        var agent = ScriptedAgent.Saying();
        await engine.RunAsync(agent, first.Id);
        Assert.Equal("me", agent.Seen!.Text);
    }

    [Fact]
    public async Task AClaimFromTheTimeWhenDuplicatesWereDetectedIsNotLookedAt()
    {
        var first = await Engine.SendAsync("hello", messageId: "m");
        var engine = EngineWith(new TaskOptions { DetectDuplicates = false });
        Assert.NotEqual(first.Id, (await engine.SendAsync("goodbye", messageId: "m")).Id);
    }

    [Fact]
    public async Task AClaimWithoutAHashMatchesAnyContent()
    {
        var first = await Engine.SendAsync("hello", messageId: "m");
        Store.ForgetsHashes = true;
        Assert.Equal(first.Id, (await Engine.SendAsync("goodbye", messageId: "m")).Id);
    }

    private Task<A2ATask> SendAsync(string caller, SendMessageRequest request) =>
        Engine.Lifecycle.SendTaskAsync(TestEngine.Call(caller), request, default);

    private static async Task RejectedAsync(Func<Task> send)
    {
        var refusal = await RefusedAsync(A2AError.InvalidParams, send);
        Assert.Equal("message.messageId", refusal.FieldViolations[0].Field);
    }
}
