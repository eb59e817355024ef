using System.Net;
using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ServerlessA2A.AgentFramework.Tests.Support;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.AgentFramework.Tests;

/// <summary>A real ChatClientAgent over a scripted model.</summary>
public sealed class ChatAgentHostTests : AgentFrameworkTest
{
    private int _steps;

    [Fact]
    public async Task TextIsStreamedIntoOneArtifactAndUsageIsReported()
    {
        Model.Then("Hel", "lo.", ScriptedModel.Usage(10, 4));
        using var telemetry = CollectedTelemetry.Start();

        var task = await AskAsync(NewAgent(), "Hi");

        Assert.Equal((TaskState.Completed, "Hello."), (task.State, TextOf(task)));
        var chunks = (await Engine.EventsAsync(task.Id)).OfType<ArtifactUpdated>();
        Assert.Equal(["Hel", "lo.", ""], chunks.Select(chunk => chunk.Artifact.Parts[0].Text));
        Assert.Equal(
            """{"model":"scripted-1","calls":1,"inputTokens":10,"outputTokens":4,"thinkingTokens":0}""", UsageOf(task).GetRawText());
        Assert.Equal("user: Hi", Model.Calls[0]);
        Assert.Equal<object?>(
            ["scripted", "scripted"],
            telemetry.Measured("gen_ai.client.token.usage").Select(each => each.Tags["gen_ai.provider.name"]));
    }

    [Fact]
    public async Task MediaAndAddressesBecomeArtifactsThatTheClientAccepts()
    {
        Model.Then(
            "Look: ", new DataContent(new byte[] { 1, 2 }, "image/png"), new UriContent("https://example.com/a.pdf", "application/pdf"),
            new DataContent(new byte[] { 3 }, "audio/wav"));

        var task = await AskAsync(NewAgent(), "Draw", null, "text/plain", "image/*", "application/pdf");

        Assert.Equal(["answer", "image-1", "file-1"], task.Task.Artifacts!.Select(artifact => artifact.ArtifactId));
        Assert.Equal([1, 2], task.Task.Artifacts![1].Parts[0].Raw!.Value.ToArray());
        var file = task.Task.Artifacts![2].Parts[0];
        Assert.Equal(("https://example.com/a.pdf", "application/pdf"), (file.Url, file.MediaType));
    }

    [Fact]
    public async Task TheNextTaskOfTheConversationContinuesTheSession()
    {
        Model.Then(ScriptedModel.Call("step", "a")).Then("One.").Then("Two.");

        await AskAsync(NewAgent(Step), "First");
        var second = await AskAsync(NewAgent(Step), "Second");

        Assert.Equal("Two.", TextOf(second));
        Assert.Equal("user: First\nassistant: step()\ntool: a=1\nassistant: One.\nuser: Second", Model.Calls[2]);

    }

    [Fact]
    public async Task AFailedTaskLeavesTheSessionAsItWas()
    {
        Model.Then("One.").Then(new InvalidOperationException("secret")).Then("Three.");

        await AskAsync(NewAgent(), "First");
        var failed = await AskAsync(NewAgent(), "Second");
        await AskAsync(NewAgent(), "Third");

        Assert.Equal(TaskState.Failed, failed.State);
        Assert.Equal("The agent failed; its operator finds the cause in the log, under the task's id.", Said(failed));
        Assert.Equal("user: First\nassistant: One.\nuser: Third", Model.Calls[2]);
    }

    [Fact]
    public async Task ATransientFaultIsRetriedByAnotherRunAndTheTextContinues()
    {
        Model.Then("The quick ", new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable)).Then("brown fox.");
        var id = await SendAsync("Go");

        var fault = await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.True(fault.IsTransient);
        Assert.Equal((TaskState.Completed, "The quick brown fox."), (task.State, TextOf(task)));
        Assert.StartsWith("user: Go\nassistant: The quick \nuser: Your answer above broke off", Model.Calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatBreaksOffTwiceIsOneMessage()
    {
        var down = new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable);
        Model.Then("The quick ", down).Then("brown ", down).Then("fox.");

        var task = await AskThriceAsync("Go");

        Assert.Equal((TaskState.Completed, "The quick brown fox."), (task.State, TextOf(task)));
        Assert.StartsWith(
            "user: Go\nassistant: The quick brown \nuser: Your answer above broke off", Model.Calls[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AJsonValueThatBreaksOffIsReadAsOne()
    {
        var down = new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable);
        Model.Then("""{"temperature": """, down).Then(ScriptedModel.Usage(1, 1), "2", down).Then("1}");

        var task = await AskThriceAsync("Weather", "application/json");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal(21, task.Task.Artifacts!.Single().Parts[0].Data!.Value.GetProperty("temperature").GetInt32());
    }

    [Fact]
    public async Task TheRestOfAJsonValueThatLooksLikeARepetitionIsReadToo()
    {
        Model.Then("""{"a": "to be or not ", "b": """, new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable))
            .Then("\"to be or not \"}");
        var id = await SendAsync([Part.FromText("Go")], null, ["application/json"]);
        await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));

        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(id)).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARunThatIsLostBetweenTurnsRepeatsNeitherTheModelNorTheTools(bool storesEachCall)
    {
        AIAgentHost New() => Host(() => new ChatClientAgent(Model, new ChatClientAgentOptions
        {
            ChatOptions = new ChatOptions { Tools = [Step] },
            RequirePerServiceCallChatHistoryPersistence = storesEachCall,
        }));
        Model.Then("One.", ScriptedModel.Call("step", "a"), ScriptedModel.Usage(1, 1))
            .Then("Two.", ScriptedModel.Call("step", "b"), ScriptedModel.Usage(1, 1))
            .Then("Thr", Timeout.InfiniteTimeSpan).Then("Three.", ScriptedModel.Usage(1, 1)).Then("Four.");
        var id = await SendAsync("Go");
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(New(), id, dies.Token);
        await Model.Hanging.Task.WithinLimit("the third turn begins");
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));

        await Engine.RunAsync(New(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        const string Before = "user: Go\nassistant: One. | step()\ntool: a=1\nassistant: Two. | step()\ntool: b=2";
        Assert.Equal((TaskState.Completed, "One.\n\nTwo.\n\nThree."), (task.State, TextOf(task)));
        Assert.Equal((2, 3), (_steps, UsageOf(task).GetProperty("calls").GetInt32()));
        Assert.Equal(Before, Model.Calls[3]);
        await AskAsync(New(), "More");
        Assert.Equal(Before + "\nassistant: Three.\nuser: More", Model.Calls[4]);
    }

    [Fact]
    public async Task ATurnThatIsStillGoingOnWhenTheTimeIsOverIsContinuedByTheNextRun()
    {
        Model.Then("The quick brown fox ", Timeout.InfiniteTimeSpan).Then("The quick brown ", "fox jumps ", "over the lazy dog.");
        var id = await SendAsync("Go");
        var first = Engine.RunAsync(NewAgent(), id);
        await Model.Hanging.Task.WithinLimit("the turn hangs");

        Time.Advance(Settings.RunTimeLimit - Settings.HandOverMargin);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        Time.Advance(TimeSpan.FromSeconds(10));
        await first.WithinLimit("the run hands over");
        Assert.Equal(TaskState.Working, (await Engine.ReadAsync(id)).State);
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "The quick brown fox jumps over the lazy dog."), (task.State, TextOf(task)));
    }

    [Fact]
    public async Task AMessageThatArrivesWhileTheAgentWorksIsAnsweredInTheSameTaskAndSession()
    {
        var gate = new TaskCompletionSource();
        Model.Then(ScriptedModel.Call("wait", "a")).Then("One.").Then("Two.");
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(AIFunctionFactory.Create(async () => { await gate.Task; return 1; }, "wait")), id);
        await Engine.WaitForAsync(id, said => said is StatusChanged { Message.Parts: [{ Text: "Calling wait." }] });
        await SendAsync([Part.FromText("And more")], id);
        gate.SetResult();
        await run.WithinLimit("the run ends");
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "One.", "Two."), (task.State, TextOf(task), TextOf(task, "answer-2")));
        Assert.EndsWith("assistant: One.\nuser: And more", Model.Calls[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatAcceptsOnlyJsonGetsAValue()
    {
        Model.Then("""{"temperature": """, "21}").Then("no JSON");

        var task = await AskAsync(NewAgent(), "Weather", null, "application/json");
        var failed = await AskAsync(NewAgent(), "Weather", null, "application/json");

        Assert.Equal(21, task.Task.Artifacts!.Single().Parts[0].Data!.Value.GetProperty("temperature").GetInt32());
        Assert.Equal(TaskState.Failed, failed.State);
        Assert.StartsWith("The agent did not return the requested JSON.", Said(failed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailedAnswerStaysFailedAfterAHandOver()
    {
        var gate = new TaskCompletionSource();
        Func<Task> wait = () => { Model.Hanging.SetResult(); return gate.Task; };
        Model.Then("no JSON", wait);
        var id = await SendAsync([Part.FromText("Weather")], null, ["application/json"]);
        var first = Engine.RunAsync(NewAgent(), id);
        await Model.Hanging.Task.WithinLimit("the model works");

        Time.Advance(Settings.RunTimeLimit - Settings.HandOverMargin);
        gate.SetResult();
        await first.WithinLimit("the run hands over");
        Assert.Equal(TaskState.Working, (await Engine.ReadAsync(id)).State);
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Failed, 1), (task.State, Model.Calls.Count));
        Assert.StartsWith("The agent did not return the requested JSON.", Said(task), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABlockedAnswerFailsAndACutOneSaysSo()
    {
        Model.Then(ChatFinishReason.ContentFilter).Then("Once upon a ti", ChatFinishReason.Length).Then("Hello.", ChatFinishReason.Stop);

        var blocked = await AskAsync(NewAgent(), "How?");
        var cut = await AskAsync(NewAgent(), "A tale");
        var whole = await AskAsync(NewAgent(), "Hi");

        Assert.Equal((TaskState.Failed, "The answer was blocked: content_filter."), (blocked.State, Said(blocked)));
        Assert.Equal((TaskState.Completed, "Once upon a ti"), (cut.State, TextOf(cut)));
        Assert.Equal("""{"finishReason":"length"}""", cut.Task.Metadata!.Value.GetRawText());
        Assert.Equal((TaskState.Completed, null), (whole.State, whole.Task.Metadata));
    }

    [Theory]
    [InlineData("\"\\ud83d\"", "\uFFFD")]
    [InlineData("\"\\\\ud83d \\ud83d\\ud83d\\ude00 \\ude00\"", "\\ud83d \uFFFD\ud83d\ude00 \uFFFD")]
    [InlineData("{\"half \\ud83d\":1}", "{\"half \\uFFFD\":1}")]
    public async Task HalfOfASurrogatePairInACallIsReplaced(string argument, string told)
    {
        Model.Then(ScriptedModel.Call("step", "a", ("x", JsonElement.Parse(argument)))).Then("Done.");

        var task = await AskAsync(NewAgent(Step), "Go");

        Assert.Equal((TaskState.Completed, "Done.", 1), (task.State, TextOf(task), _steps));
        Assert.Contains($"step({told})", Model.Calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMessageThatNoModelReadsIsRejected()
    {
        var task = await AskAsync(NewAgent(), [Part.FromUri("ftp://example.com/a", "image/png")]);

        Assert.Equal(TaskState.Rejected, task.State);
        Assert.Empty(Model.Calls);
    }

    [Fact]
    public async Task ACheckpointOfAnotherAgentIsPutAside()
    {
        var other = ScriptedAgent.Saying(AgentUpdate.SaveCheckpoint("count:3"), AgentUpdate.Ask("Go on?"));
        var asked = await AskAsync(other, "Start");
        Model.Then("Hello.");

        var task = await AskAsync(NewAgent(), "Yes", asked.Id);

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal("user: Start\nuser: Yes", Model.Calls[0]);
    }

    /// <summary>A message whose first two runs break off.</summary>
    private async Task<TaskSnapshot> AskThriceAsync(string text, params string[] accepted)
    {
        var id = await SendAsync([Part.FromText(text)], null, accepted);
        for (var run = 1; run < 3; run++)
            await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");
        return await Engine.ReadAsync(id);
    }

    private AIFunction Step => AIFunctionFactory.Create(() => ++_steps, "step");
}
