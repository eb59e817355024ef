using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>What an agent may say and what comes of it, and what it may not.</summary>
public class TaskRunUpdateTests : TaskEngineTests
{
    private static readonly ArtifactUpdate Whole = AgentUpdate.Artifact("a", "x");

    public static TheoryData<string, AgentUpdate[]> Illegal => new()
    {
        { "it yielded another update after its outcome", [AgentUpdate.Complete(), AgentUpdate.Report("more")] },
        { "it yielded another update after its outcome", [AgentUpdate.Complete(), AgentUpdate.Complete()] },
        { "it yielded another update after its outcome", [AgentUpdate.Ask("what?"), Whole] },
        { "it yielded another update after its outcome", [AgentUpdate.Fail("no"), null!] },
        { "it appended to the artifact 'a' after its last chunk", [Whole, AgentUpdate.Append("a", "x")] },
        { "it made an artifact without an id", [AgentUpdate.Artifact("", "x")] },
        { "it made an artifact without an id", [AgentUpdate.Artifact((Artifact)null!)] },
        { "the artifact 'a' has no parts", [AgentUpdate.Artifact("a", Array.Empty<Part>())] },
        { "the artifact 'a' has no parts", [AgentUpdate.Artifact("a", (IReadOnlyList<Part>)null!)] },
        { "the artifact 'a' has a part that is null", [AgentUpdate.Artifact("a", [null!])] },
        { "a part of the artifact 'a' has metadata that is no JSON object",
        [AgentUpdate.Artifact("a", [Part.FromText("x") with { Metadata = JsonElement.Parse("1") }])] },
        { "the artifact 'a' has metadata that is no JSON object",
        [AgentUpdate.Artifact(Whole.Content with { Metadata = default(JsonElement) })] },
        { "its TASK_STATE_WORKING message has no parts", [AgentUpdate.Report([])] },
        { "its TASK_STATE_INPUT_REQUIRED message has no parts", [AgentUpdate.Ask((IReadOnlyList<Part>)null!)] },
        { "its TASK_STATE_COMPLETED message has no parts", [AgentUpdate.Complete([])] },
        { "the artifact 'a' has a part whose JSON nests deeper than 48 levels", [AgentUpdate.Artifact("a", [Part.FromData(Nested(49))])] },
        { "the artifact 'a' has metadata that nests deeper than 48 levels", [AgentUpdate.Artifact(Whole.Content with { Metadata = JsonElement.Parse($$"""{"x":{{Nested(48)}}}""") })] },
        { "its outcome has metadata that is no JSON object", [AgentUpdate.Complete() with { Metadata = JsonElement.Parse("[]") }] },
        { "its outcome has metadata that is no JSON object", [AgentUpdate.Reject("no") with { Metadata = default(JsonElement) }] },
        { "it gave no reason", [AgentUpdate.Fail("")] },
        { "it gave no reason", [AgentUpdate.Reject(null!)] },
        { "it yielded null instead of an update", [null!] },
    };

    [Theory]
    [MemberData(nameof(Illegal))]
    public async Task WhatBreaksTheRulesFailsTheTaskAndTheReasonIsTold(string reason, AgentUpdate[] updates)
    {
        var task = await RunAsync(updates);
        Assert.Equal(TaskState.Failed, task.State);
        Assert.Equal($"The agent broke the rules of the protocol: {reason}.", TextOf(task));
        Assert.Contains(
            Engine.Logs.AtLeast(Microsoft.Extensions.Logging.LogLevel.Error), text => text.Contains(task.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsAppendedToNoArtifactBeginsOne()
    {
        var task = await RunAsync(Whole, AgentUpdate.Append("b", "one "), AgentUpdate.Append("b", "two", lastChunk: true));
        Assert.Equal(["x", "one two"], task.Task.Artifacts!.Select(artifact => artifact.Parts.Single().Text));
        var events = await Engine.EventsAsync(task.Id);
        Assert.False(events.OfType<ServerlessA2A.Tasks.Log.ArtifactUpdated>().First(update => update.Artifact.ArtifactId == "b").Append);
    }

    [Fact]
    public async Task WhatWasSaidBeforeTheRulesWereBrokenIsKept()
    {
        var task = await RunAsync(AgentUpdate.Artifact("a", "kept"), null!);
        Assert.Equal((TaskState.Failed, "kept"), (task.State, task.Task.Artifacts![0].Parts[0].Text));
    }

    [Fact]
    public async Task ARunThatEndsWithoutALastWordHasCompletedTheTask()
    {
        var task = await RunAsync();
        Assert.Equal((TaskState.Completed, null), (task.State, task.Task.Status.Message));
    }

    [Fact]
    public async Task TheLastWordIsTheStatusWithItsMetadata()
    {
        var metadata = JsonElement.Parse("""{"k":1}""");
        foreach (var (last, state) in new (AgentUpdate, TaskState)[]
        {
            (AgentUpdate.Complete("why") with { Metadata = metadata }, TaskState.Completed),
            (AgentUpdate.Fail("why") with { Metadata = metadata }, TaskState.Failed),
            (AgentUpdate.Reject("why") with { Metadata = metadata }, TaskState.Rejected),
            (AgentUpdate.Ask([Part.FromText("why")]) with { Metadata = metadata }, TaskState.InputRequired),
            (AgentUpdate.RequireAuthorization([Part.FromText("why")]) with { Metadata = metadata }, TaskState.AuthRequired),
        })
        {
            var task = await RunAsync(last);
            Assert.Equal((state, "why", """{"k":1}"""), (task.State, TextOf(task), task.Task.Metadata!.Value.GetRawText()));
        }

        Assert.Empty(Engine.Logs.AtLeast(Microsoft.Extensions.Logging.LogLevel.Warning));
    }

    [Fact]
    public async Task MetadataIsTakenAlsoWithoutAClosingWord()
    {
        var task = await RunAsync(AgentUpdate.Complete() with { Metadata = JsonElement.Parse("""{"k":1}""") });
        Assert.Equal("""{"k":1}""", task.Task.Metadata!.Value.GetRawText());
    }

    [Fact]
    public async Task WhatTheAgentSaysIsAMessageOfItsTask()
    {
        var task = await RunAsync(AgentUpdate.Ask("what?"));
        var message = task.Task.Status.Message!;
        Assert.Equal((Role.Agent, task.Id, task.Task.ContextId), (message.Role, message.TaskId, message.ContextId));
        Assert.NotEmpty(message.MessageId);
    }

    [Fact]
    public async Task AnArtifactThatIsSaidAgainReplacesTheFirst()
    {
        var task = await RunAsync(AgentUpdate.Artifact("a", "old"), AgentUpdate.Artifact("a", "new"));
        Assert.Equal("new", Assert.Single(task.Task.Artifacts!).Parts[0].Text);
    }

    [Fact]
    public async Task AnAgentAppendsToTheArtifactsOfItsEarlierRuns()
    {
        var task = await RunAsync(AgentUpdate.Append("a", "one "), AgentUpdate.Ask("more?"));
        await Engine.SendAsync("yes", task.Id);
        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Append("a", "two")), task.Id);
        Assert.Equal("one two", (await Engine.ReadAsync(task.Id)).Task.Artifacts![0].Parts[0].Text);
    }

    [Fact]
    public async Task AnAgentReadsTheEarlierTasksOfItsConversationAndNoOthers()
    {
        var earlier = new List<string>();
        var agent = new ScriptedAgent((task, cancellationToken) => ReadAsync(task, 2, earlier, cancellationToken));
        var ids = new List<string>();
        foreach (var (caller, context) in new[] { ("alice", "c"), ("alice", "c"), ("bob", "c"), ("alice", "other"), ("alice", "c") })
        {
            earlier.Clear();
            var task = await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(caller), TestEngine.Request("x", contextId: context), default);
            ids.Add(task.Id);
            await Engine.RunAsync(agent, task.Id);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([ids[1], ids[0]], earlier);
    }

    [Theory]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    public async Task AnAgentMayAskForAnyNumberOfEarlierTasks(int asked, int given)
    {
        var earlier = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var task = await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), TestEngine.Request("x", contextId: "c"), default);
            earlier.Clear();
            await Engine.RunAsync(
                new ScriptedAgent((one, cancellationToken) => ReadAsync(one, asked, earlier, cancellationToken)), task.Id);
            Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(task.Id)).State);
        }

        Assert.Equal(given, earlier.Count);
    }

    [Fact]
    public async Task AnAgentIsShownWhatWasBeforeHoweverLargeItsOwnTaskIs()
    {
        var earlier = new List<string>();
        var ids = new List<string>();
        foreach (var size in new[] { 9, 9, 9 })
        {
            var request = TestEngine.Request(new string('x', size << 20), contextId: "c");
            ids.Add((await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, default)).Id);
            earlier.Clear();
            await Engine.RunAsync(new ScriptedAgent((one, cancellationToken) => ReadAsync(one, 3, earlier, cancellationToken)), ids[^1]);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        // Each had a page of 16 MiB to itself, its own the first.
        Assert.Equal([ids[1]], earlier);
    }

    private static async IAsyncEnumerable<AgentUpdate> ReadAsync(
        AgentContext task, int count, List<string> earlier,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        earlier.AddRange((await task.ReadEarlierTasksAsync(count, cancellationToken)).Select(one => one.Id));
        yield return AgentUpdate.Complete();
    }

    private static JsonElement Nested(int levels) => JsonElement.Parse(new string('[', levels) + new string(']', levels));
}
