using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Operations;

public class TaskLifecycleStreamTests : TaskEngineTests
{
    private static readonly string[] ToQuestion = ["1:task Submitted", "2:Working", "3:first", "4:InputRequired"];
    private static readonly string[] FromAnswer = ["5:Submitted", "6:Working", "7:second", "8:Completed final"];

    [Fact]
    public async Task ASendStreamsTheTaskAndItsEventsToTheEnd()
    {
        var (id, stream) = await SendStreamingAsync();
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Report("busy"), AgentUpdate.Artifact("a", "x"), AgentUpdate.Complete()), id);
        Assert.Equal(["1:task Submitted", "2:Working", "3:Working", "4:x", "5:Completed final"], await stream);
    }

    [Fact]
    public async Task ASendsStreamEndsWhereTheClientHasToSpeakAndASubscriptionGoesOn()
    {
        var (id, sending) = await SendStreamingAsync();
        var subscription = ReadToEndAsync(Subscribe(id, 0));
        await Engine.RunAsync(Asking, id);
        Assert.Equal([.. ToQuestion[..^1], "4:InputRequired final"], await sending);

        var answering = ReadToEndAsync(Engine.Lifecycle.SendStreamingAsync(TestEngine.Call(), TestEngine.Request("me", id), null, default));
        await Store.WatchUntilAsync(id, 4, _ => true);
        await Engine.RunAsync(Answering, id);

        Assert.Equal(["5:task Submitted", .. FromAnswer[1..]], await answering);
        Assert.Equal([.. ToQuestion, .. FromAnswer], await subscription);
    }

    [Fact]
    public async Task AQuestionComesAfterTheArtifactsThatTheTaskHasNoRoomFor()
    {
        var task = await Engine.SendAsync("hello", messageId: "m");
        var large = AgentUpdate.Artifact("a", new string('x', 13 * 1024));
        await Engine.RunAsync(ScriptedAgent.Saying(large, AgentUpdate.Ask("who?")), task.Id);

        var items = await Engine.Lifecycle.SendStreamingAsync(
            TestEngine.Call(), TestEngine.Request("hello", messageId: "m"), null, default).ToListAsync();

        Assert.Equal(TaskState.Working, items[0].Response.Task!.Status.State);
        Assert.Contains(items[1..^1], item => item.Response.ArtifactUpdate is not null);
        var last = items[^1].Response.StatusUpdate!.Status;
        Assert.Equal((TaskState.InputRequired, "who?", true), (last.State, last.Message!.Parts[0].Text, items[^1].IsFinal));
    }

    [Fact]
    public async Task AuthRequiredEndsNoStream()
    {
        var (id, sending) = await SendStreamingAsync();
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.RequireAuthorization([Part.FromText("sign in")])), id);
        await Engine.SendAsync("done so", id);
        await Engine.RunAsync(ScriptedAgent.Saying(), id);
        Assert.Equal(["1:task Submitted", "2:Working", "3:AuthRequired", "4:Submitted", "5:Working", "6:Completed final"], await sending);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(7, 7)]
    public async Task ASubscriptionGoesOnFromTheEventTheClientHasAlsoAcrossAnAnsweredQuestionAndAfterTheEnd(long last, int passed)
    {
        var id = await AnsweredAsync();
        string[] all = [.. ToQuestion, .. FromAnswer];
        Assert.Equal(all[passed..], await ReadToEndAsync(Subscribe(id, last)));
    }

    [Fact]
    public async Task ARepeatedSendGoesOnFromTheEventTheClientHasAndAnAnsweredQuestionDoesNotEndIt()
    {
        var id = await AnsweredAsync(messageId: "m");
        var stream = Engine.Lifecycle.SendStreamingAsync(TestEngine.Call(), TestEngine.Request("hello", messageId: "m"), 2, default);
        Assert.Equal([.. ToQuestion[2..], .. FromAnswer], await ReadToEndAsync(stream));
        Assert.Equal(8, (await Engine.ReadAsync(id)).Seq);
    }

    [Fact]
    public async Task ARepeatedSendThatHasTheWholeLogIsAnsweredTheTask()
    {
        await AnsweredAsync(messageId: "m");
        var stream = Engine.Lifecycle.SendStreamingAsync(TestEngine.Call(), TestEngine.Request("hello", messageId: "m"), 8, default);
        Assert.Equal(["8:task Completed"], await ReadToEndAsync(stream));
    }

    [Fact]
    public async Task AnEntryOfSeveralEventsIsGoneOnFromInItsMiddle()
    {
        var task = await RunAsync(AgentUpdate.Artifact("a", "1"), AgentUpdate.Artifact("b", "2"), AgentUpdate.Complete());
        Assert.Equal(["4:2", "5:Completed final"], await ReadToEndAsync(Subscribe(task.Id, 3)));
    }

    [Fact]
    public async Task ANumberBeyondTheNewestEventIsRefused()
    {
        var task = await Engine.SendAsync("hello");
        var refusal = await RefusedAsync(A2AError.InvalidParams, () => ReadToEndAsync(Subscribe(task.Id, 2)));
        Assert.Equal("Last-Event-ID", refusal.FieldViolations[0].Field);
    }

    [Fact]
    public async Task AnEndedTaskHasNothingToSubscribeToExceptWhatTheClientHasMissed()
    {
        var task = await RunAsync(AgentUpdate.Complete());
        await RefusedAsync(A2AError.UnsupportedOperation, () => ReadToEndAsync(Subscribe(task.Id, null)));
        await RefusedAsync(A2AError.UnsupportedOperation, () => ReadToEndAsync(Subscribe(task.Id, task.Seq)));
        Assert.Equal(["3:Completed final"], await ReadToEndAsync(Subscribe(task.Id, 2)));
    }

    [Fact]
    public async Task AnEndedTaskIsAnsweredTo0_3AndTheStreamCloses()
    {
        var task = await RunAsync(AgentUpdate.Complete());
        foreach (var last in new long?[] { null, task.Seq })
        {
            var stream = Engine.Lifecycle.SubscribeAsync(
                TestEngine.Call(version: ProtocolVersion.V0_3), new SubscribeToTaskRequest { Id = task.Id }, last, default);
            Assert.Equal(["3:task Completed"], await ReadToEndAsync(stream));
        }
    }

    [Fact]
    public async Task ATaskThatIsUnknownOrAnothersIsNotFound()
    {
        var task = await Engine.SendAsync("hello");
        await RefusedAsync(A2AError.TaskNotFound, () => ReadToEndAsync(Subscribe("unknown", null)));
        await RefusedAsync(A2AError.TaskNotFound, () => ReadToEndAsync(
            Engine.Lifecycle.SubscribeAsync(TestEngine.Call("bob"), new SubscribeToTaskRequest { Id = task.Id }, 0, default)));
    }

    [Fact]
    public async Task WhenTheRequestsTimeIsUpStreamsEndWithoutAnError()
    {
        using var timeUp = new CancellationTokenSource();
        var task = await Engine.SendAsync("hello");
        var call = TestEngine.Call(timeUp: timeUp.Token);
        await using var stream = Engine.Lifecycle.SubscribeAsync(call, new SubscribeToTaskRequest { Id = task.Id }, null, default)
            .GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        Assert.False(stream.Current.IsFinal);
        var next = stream.MoveNextAsync().AsTask();
        await timeUp.CancelAsync();
        Assert.False(await next.WithinLimit("the stream ends"));
    }

    [Fact]
    public async Task WhereStreamsAreOffNoneBegins()
    {
        var off = EngineWith(new TaskOptions(), new AgentCardOptions { Streaming = false });
        var task = await off.SendAsync("hello");
        await RefusedAsync(A2AError.UnsupportedOperation, () =>
            ReadToEndAsync(off.Lifecycle.SendStreamingAsync(TestEngine.Call(), TestEngine.Request("x"), null, default)));
        await RefusedAsync(A2AError.UnsupportedOperation, () =>
            ReadToEndAsync(off.Lifecycle.SubscribeAsync(TestEngine.Call(), new SubscribeToTaskRequest { Id = task.Id }, null, default)));
        Assert.Single(Queue.Published);
    }

    [Fact]
    public async Task WhatOnlyWorkersNeedIsNotStreamed()
    {
        var task = await RunAsync(AgentUpdate.SaveCheckpoint("x"), AgentUpdate.Complete());
        Assert.Equal(["1:task Submitted", "2:Working", "4:Completed final"], await ReadToEndAsync(Subscribe(task.Id, 0)));
    }

    [Fact]
    public async Task TheHistoryOfAStreamsTaskIsAsLongAsAskedFor()
    {
        var request = TestEngine.Request("hello", configuration: new() { HistoryLength = 0 });
        await using var stream = Engine.Lifecycle.SendStreamingAsync(TestEngine.Call(), request, null, default).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        Assert.Null(stream.Current.Response.Task!.History);
    }

    [Fact]
    public async Task WhatAStreamSaysPutTogetherIsTheTaskThatIsRead()
    {
        var task = await RunAsync(
            AgentUpdate.Report("busy"), AgentUpdate.Append("a", "one "), AgentUpdate.Artifact("b", "x"),
            AgentUpdate.Append("a", "two", lastChunk: true), AgentUpdate.Complete([Part.FromText("done")]));
        var artifacts = new ArtifactList(null);
        A2ATaskStatus? status = null;
        await foreach (var item in Subscribe(task.Id, 0))
        {
            status = item.Response.StatusUpdate?.Status ?? status;
            if (item.Response.ArtifactUpdate is { } update)
                artifacts.Add(new ArtifactUpdated { Artifact = update.Artifact, Append = update.Append, LastChunk = update.LastChunk });
        }

        Assert.Equal(
            Describe.Json(task.Task with { History = null }),
            Describe.Json(task.Task with { History = null, Status = status!, Artifacts = artifacts.ToList() }));
    }

    private static ScriptedAgent Asking => ScriptedAgent.Saying(AgentUpdate.Artifact("a", "first"), AgentUpdate.Ask("who?"));

    private static ScriptedAgent Answering => ScriptedAgent.Saying(AgentUpdate.Artifact("b", "second"));

    private IAsyncEnumerable<StreamItem> Subscribe(string id, long? last) =>
        Engine.Lifecycle.SubscribeAsync(TestEngine.Call(), new SubscribeToTaskRequest { Id = id }, last, default);

    /// <summary>A task that asked, was answered and has ended: eight events.</summary>
    private async Task<string> AnsweredAsync(string? messageId = null)
    {
        var task = await Engine.SendAsync("hello", messageId: messageId);
        await Engine.RunAsync(Asking, task.Id);
        await Engine.SendAsync("me", task.Id);
        await Engine.RunAsync(Answering, task.Id);
        return task.Id;
    }

    /// <summary>A stream that has begun, and its task.</summary>
    private async Task<(string Id, Task<List<string>> Stream)> SendStreamingAsync()
    {
        var stream = ReadToEndAsync(Engine.Lifecycle.SendStreamingAsync(TestEngine.Call(), TestEngine.Request("hello"), null, default));
        return (await Queue.First, stream);
    }
}
