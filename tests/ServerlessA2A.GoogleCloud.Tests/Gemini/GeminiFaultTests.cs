using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types.PromptFeedback.Types;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

/// <summary>What fails in passing is tried again, what does not is told, and nothing is said twice.</summary>
public sealed class GeminiFaultTests : GeminiTest
{
    [Theory]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.DeadlineExceeded)]
    public async Task WhatPassesIsTriedAgainLaterAndLater(StatusCode code)
    {
        Vertex.Enqueue(ModelTurn.Fail(code, "Busy."), ModelTurn.Fail(code, "Busy."), ModelTurn.Say("Hello."));
        var id = await SendAsync("Hi");
        var run = Engine.RunAsync(NewAgent(), id);

        await PassAsync(TimeSpan.FromSeconds(0.5));
        await PassAsync(TimeSpan.FromSeconds(1));
        await run.WithinLimit("the run ends");

        Assert.Equal("Hello.", TextOf(await Engine.ReadAsync(id)));
    }

    [Fact]
    public async Task TheServiceIsLetAloneForAsLongAsItAsks()
    {
        Vertex.Enqueue(ModelTurn.Fail(StatusCode.ResourceExhausted, "Quota.", TimeSpan.FromSeconds(17)), ModelTurn.Say("Hello."));
        var id = await SendAsync("Hi");
        var run = Engine.RunAsync(NewAgent(), id);

        await PassAsync(TimeSpan.FromSeconds(17));
        await run.WithinLimit("the run ends");

        Assert.Equal("Hello.", TextOf(await Engine.ReadAsync(id)));
    }

    [Fact]
    public async Task AnAnswerThatBreaksOffIsContinuedAndNothingIsSaidTwice()
    {
        Assert.Equal(
            "The quick brown fox jumps over the lazy dog.", await BreakOffAsync("The quick brown fox ", "jumps over ", "the lazy dog."));

        var request = Vertex.Calls[1].Request;
        Assert.Equal(["user", "model", "user"], request.Contents.Select(content => content.Role));
        Assert.Equal("The quick brown fox ", request.Contents[1].Parts[0].Text);
    }

    [Fact]
    public async Task AModelThatBeginsAgainAfterABreakIsNotHeardTwice() =>
        Assert.Equal(
            "The quick brown fox jumps over the lazy dog.",
            await BreakOffAsync("The quick brown fox ", "The qu", "ick brown fox jumps over ", "the lazy dog."));

    [Fact]
    public async Task ACallThatBreaksOffBeforeTheEndOfItsTurnIsNotMade()
    {
        var calls = 0;
        var shown = new TaskCompletionSource();
        Settings.GatherInterval = TimeSpan.Zero;
        Vertex.Enqueue(ModelTurn.Call("count").Say("I count. ").Wait(shown.Task).Reset(2), ModelTurn.Say("Done."));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(services => services.AddAgentTool(() => ++calls, "count")), id);
        // What comes behind the call is heard: so the call has come.
        await Engine.WaitForAsync(id, said => said is ArtifactUpdated);
        shown.SetResult();

        await PassAsync(TimeSpan.FromSeconds(0.5));
        await run.WithinLimit("the run ends");

        Assert.Equal(("I count. Done.", 0), (TextOf(await Engine.ReadAsync(id)), calls));
    }

    [Fact]
    public async Task AModelThatFallsSilentIsCalledAgain()
    {
        Vertex.Enqueue(ModelTurn.Hang(), ModelTurn.Say("Hello."));
        var id = await SendAsync("Hi");
        var run = Engine.RunAsync(NewAgent(null, ("SilenceLimit", "00:00:40")), id);
        var silent = await Vertex.NextCallAsync(Guard.Limit);

        // Before the lease is due for renewal and while the call is known to hang.
        await PassAsync(TimeSpan.FromSeconds(40));
        await PassAsync(TimeSpan.FromSeconds(0.5));
        await run.WithinLimit("the run ends");

        Assert.Equal(CallEnd.ClientGone, await silent.Ended.WithinLimit("the call is gone"));
        Assert.Equal("Hello.", TextOf(await Engine.ReadAsync(id)));
    }

    [Fact]
    public async Task WhatDoesNotPassSoonIsLeftToAnotherRunAndInTheEndTold()
    {
        Vertex.Answer = _ => ModelTurn.Fail(StatusCode.ResourceExhausted, "Quota exceeded.", TimeSpan.FromMinutes(10));
        Settings.MaxAttempts = 2;
        var id = await SendAsync("Hi");

        var failure = await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));
        Assert.True(failure.IsTransient);
        Assert.Equal(TaskState.Working, (await Engine.ReadAsync(id)).State);

        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");
        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Failed, "Gemini's quota is used up: Quota exceeded."), (task.State, Said(task)));
    }

    [Fact]
    public async Task AnotherRunThatFindsTheServiceWellEndsTheTask()
    {
        Vertex.Enqueue(ModelTurn.Fail(StatusCode.Unavailable, "Down.", TimeSpan.FromMinutes(10)), ModelTurn.Say("Hello."));
        var id = await SendAsync("Hi");
        await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));

        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        Assert.Equal("Hello.", TextOf(await Engine.ReadAsync(id)));
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied,
        "Vertex AI rejected the call: the service account needs the role roles/aiplatform.user, and the project needs the API " +
        "aiplatform.googleapis.com. No.")]
    [InlineData(StatusCode.Unauthenticated, $"Vertex AI rejected the credentials. {DefaultCredential.Remedy} No.")]
    [InlineData(StatusCode.NotFound,
        "Vertex AI has no projects/p/locations/europe-west4/publishers/google/models/gemini-test: check A2A:Gemini:Model and " +
        "A2A:Gemini:Location. Models retire about a year after their release. No.")]
    [InlineData(StatusCode.InvalidArgument, "Gemini rejected the request: No.")]
    public async Task WhatDoesNotPassFailsTheTaskWithWhatCanBeDone(StatusCode code, string message)
    {
        Vertex.Enqueue(ModelTurn.Fail(code, "No."));

        var task = await AskAsync(NewAgent(), "Hi");

        Assert.Equal((TaskState.Failed, message), (task.State, Said(task)));
        Assert.Single(Vertex.Calls);
    }

    [Fact]
    public async Task ABlockedPromptIsRejectedWithItsCategory()
    {
        Vertex.Enqueue(
            ModelTurn.BlockPrompt(BlockedReason.Safety, "Not this.",
            new SafetyRating { Category = HarmCategory.Harassment, Blocked = true }));

        var task = await AskAsync(NewAgent(), "Hi");

        Assert.Equal((TaskState.Rejected, "The prompt was blocked: SAFETY (HARASSMENT). Not this."), (task.State, Said(task)));
    }

    [Fact]
    public async Task ABlockedAnswerFailsTheTaskWithItsCategory()
    {
        var response = new GenerateContentResponse
        {
            Candidates =
            {
                new Candidate
                {
                    FinishReason = Candidate.Types.FinishReason.Safety,
                    FinishMessage = "Stopped.",
                    SafetyRatings = { new SafetyRating { Category = HarmCategory.DangerousContent, Blocked = true },
                    new SafetyRating { Category = HarmCategory.Harassment } },
                },
            },
        };
        Vertex.Enqueue(ModelTurn.Say("First you ").Raw(response));

        var task = await AskAsync(NewAgent(), "How?");

        Assert.Equal((TaskState.Failed, "The answer was blocked: SAFETY (DANGEROUS_CONTENT). Stopped."), (task.State, Said(task)));
    }

    [Fact]
    public async Task AnAnswerThatCanNotBeReadIsAskedForAgain()
    {
        Vertex.Enqueue(ModelTurn.Garbage(), ModelTurn.Say("Hello."));
        var id = await SendAsync("Hi");
        var run = Engine.RunAsync(NewAgent(), id);

        await PassAsync(TimeSpan.FromSeconds(0.5));
        await run.WithinLimit("the run ends");

        Assert.Equal("Hello.", TextOf(await Engine.ReadAsync(id)));
    }

    [Fact]
    public async Task ACancelEndsTheCallAtOnce()
    {
        Vertex.Enqueue(ModelTurn.Say("Once upon a time").Hang());
        Settings.GatherInterval = TimeSpan.Zero;
        var id = await SendAsync("A tale");
        var run = Engine.RunAsync(NewAgent(), id);
        await Engine.WaitForAsync(id, said => said is ArtifactUpdated);

        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, CancellationToken.None);
        await run.WithinLimit("the run ends");

        Assert.Equal(CallEnd.ClientGone, await Vertex.Calls[0].Ended.WithinLimit("the call is gone"));
        Assert.Equal(TaskState.Canceled, (await Engine.ReadAsync(id)).State);
    }

    /// <summary>What is heard of an answer whose connection breaks in the middle.</summary>
    private async Task<string> BreakOffAsync(string before, params string[] after)
    {
        var heard = new TaskCompletionSource();
        Vertex.Enqueue(ModelTurn.Say(before).Wait(heard.Task).Cut(), ModelTurn.Say(after));
        Settings.GatherInterval = TimeSpan.Zero;
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(), id);
        await Engine.WaitForAsync(id, said => said is ArtifactUpdated);
        heard.SetResult();
        await PassAsync(TimeSpan.FromSeconds(0.5));
        await run.WithinLimit("the run ends");
        return TextOf(await Engine.ReadAsync(id));
    }

    /// <summary>Lets just that time pass, once somebody waits for it.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await Time.WaitForTimerAsync(time);
        Time.Advance(time);
    }
}
