using System.Net;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests;

/// <summary>What fails in passing is left to another run, what does not is told, and nothing is said twice.</summary>
public sealed class ChatFaultTests : ChatAgentTest
{
    [Fact]
    public async Task WhatPassesIsLeftToAnotherRun()
    {
        Model.Enqueue(
            ModelTurn.Fail(new HttpRequestException("Key sk-1 is busy.", null, HttpStatusCode.TooManyRequests)), ModelTurn.Say("Hello."));
        var id = await SendAsync("Hi");

        var failure = await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));
        Assert.True(failure.IsTransient);
        Assert.Equal(TaskState.Working, (await Engine.ReadAsync(id)).State);
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the next run ends");

        Assert.Equal("Hello.", TextOf(await Engine.ReadAsync(id)));
    }

    [Fact]
    public async Task WhatDoesNotPassFailsTheTaskAtOnceWithoutTheProvidersWords()
    {
        Model.Enqueue(ModelTurn.Fail(new HttpRequestException("Key sk-1 is wrong.", null, HttpStatusCode.Unauthorized)));

        var task = await AskAsync(NewAgent(), "Hi");

        Assert.Equal((TaskState.Failed, "The model's service responded with the HTTP status 401."), (task.State, Said(task)));
        Assert.Contains(
            Logs.Entries, entry => entry.Id.Id == 6004 && entry.Exception!.Message == "Key sk-1 is wrong." &&
            entry.Text.Contains("scripted-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatPassesInTheEndFailsTheTask()
    {
        Model.Answer = _ => ModelTurn.Fail(new TimeoutException());
        Settings.MaxAttempts = 2;
        var id = await SendAsync("Hi");

        await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the next run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Failed, "The model's service could not be reached, or its answer broke off."), (task.State, Said(task)));
    }

    [Fact]
    public async Task AnAnswerThatBreaksOffIsContinuedAtOnceAndNothingIsSaidTwice()
    {
        Model.Enqueue(
            ModelTurn.Say("The quick brown fox ").Fail(new IOException("The connection was reset.")),
            ModelTurn.Say("The qu", "ick brown fox jumps over ", "the lazy dog."));

        var task = await AskAsync(NewAgent(), "Go");

        Assert.Equal((TaskState.Completed, "The quick brown fox jumps over the lazy dog."), (task.State, TextOf(task)));
        Assert.StartsWith(
            "user: Go\nmodel: The quick brown fox \nuser: Your answer above broke off", Shown(Model.Calls[1]), StringComparison.Ordinal);
        Assert.Contains(Logs.Entries, entry => entry.Id.Id == 6008);
    }

    [Fact]
    public async Task TheRestOfAnAnswerThatLooksLikeARepetitionIsSaidAtItsEnd()
    {
        Model.Enqueue(ModelTurn.Say("to be or not to be, ").Fail(new IOException()), ModelTurn.Say("to ", "be"));

        Assert.Equal("to be or not to be, to be", TextOf(await AskAsync(NewAgent(), "Go")));
    }

    [Fact]
    public async Task AStreamThatEndsWithoutAReasonHasBrokenOffWhereTheClientGivesReasons()
    {
        Model.Enqueue(ModelTurn.Say("Hello."), ModelTurn.Say("One, ").Cut(), ModelTurn.Say("two."));
        var agent = NewAgent();
        await AskAsync(agent, "Hi");

        Assert.Equal("One, two.", TextOf(await AskAsync(agent, "Count")));
    }

    [Fact]
    public async Task AClientThatGivesNoReasonsIsTakenAtItsWord()
    {
        Model.Answer = _ => ModelTurn.Say("Hello.").Cut();
        var agent = NewAgent();
        await AskAsync(agent, "Hi");

        var task = await AskAsync(agent, "Hi");

        Assert.Equal((TaskState.Completed, "Hello.", 2), (task.State, TextOf(task), Model.Calls.Count));
    }

    [Fact]
    public async Task AFailureAfterTheEndLeavesTheAnswerAsItIs()
    {
        Model.Enqueue(ModelTurn.Say("Hello.").Ending(ChatFinishReason.Stop).Fail(new IOException()));

        var task = await AskAsync(NewAgent(), "Hi");

        Assert.Equal((TaskState.Completed, "Hello.", 1), (task.State, TextOf(task), Model.Calls.Count));
    }

    [Fact]
    public async Task ATurnWhoseCallsWereLostAfterItsEndIsRepeated()
    {
        Model.Enqueue(
            ModelTurn.Say("I count. ").Ending(ChatFinishReason.ToolCalls).Fail(new IOException()), ModelTurn.Call("count"),
            ModelTurn.Say("Done."));
        var calls = 0;

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(() => ++calls, "count")), "Go");

        Assert.Equal((TaskState.Completed, 1), (task.State, calls));
    }

    [Fact]
    public async Task AThoughtBeforeAFailureIsNoAnswerToContinue()
    {
        Model.Answer = _ => ModelTurn.Think("Hm.", seal: "c2VhbA==").Fail(new IOException());
        var id = await SendAsync("Go");

        var failure = await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));

        Assert.Equal((true, 1), (failure.IsTransient, Model.Calls.Count));
        Assert.Null((await Engine.ReadAsync(id)).Checkpoint);
    }

    [Fact]
    public async Task ACallOfAnAnswerThatBreaksOffIsNotMade()
    {
        var calls = 0;
        Model.Enqueue(ModelTurn.Say("I count. ").Call("count").Fail(new IOException()), ModelTurn.Say("Done."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(() => ++calls, "count")), "Go");

        Assert.Equal(("I count. Done.", 0), (TextOf(task), calls));
    }

    [Fact]
    public async Task AnAnswerThatBreaksOffBeforeItsFirstWordIsLeftToAnotherRun()
    {
        Model.Enqueue(ModelTurn.Call("count").Fail(new IOException()), ModelTurn.Say("Done."));
        var id = await SendAsync("Go");

        await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the next run ends");

        Assert.Equal("Done.", TextOf(await Engine.ReadAsync(id)));
    }

    [Fact]
    public async Task AModelThatBreaksOffForEverFailsTheTask()
    {
        var said = 0;
        Model.Answer = _ => ModelTurn.Say($"{++said}, ").Fail(new IOException());

        var task = await AskAsync(NewAgent(null, ("MaxTurns", "4")), "Count");

        Assert.Equal((TaskState.Failed, 4), (task.State, Model.Calls.Count));
    }

    [Fact]
    public async Task ABlockedAnswerFailsTheTask()
    {
        Model.Enqueue(ModelTurn.Say("First you ").Finish(ChatFinishReason.ContentFilter));

        var task = await AskAsync(NewAgent(), "How?");

        Assert.Equal((TaskState.Failed, "The answer was blocked: content_filter"), (task.State, Said(task)));
    }

    [Fact]
    public async Task ARefusalFailsTheTaskWithTheModelsWords()
    {
        Model.Enqueue(ModelTurn.Empty.Give(() => new ErrorContent("I can't help with that.") { ErrorCode = "Refusal" }));

        var task = await AskAsync(NewAgent(), "How?");

        Assert.Equal((TaskState.Failed, "The model returned an error: I can't help with that."), (task.State, Said(task)));
        Assert.Single(Model.Calls);
    }

    [Fact]
    public async Task ACancelEndsTheCallAtOnce()
    {
        Model.Enqueue(ModelTurn.Say("Once upon a time").Hang());
        Settings.GatherInterval = TimeSpan.Zero;
        var id = await SendAsync("A tale");
        var run = Engine.RunAsync(NewAgent(), id);
        await Engine.WaitForAsync(id, said => said is ArtifactUpdated);

        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, CancellationToken.None);
        await run.WithinLimit("the run ends");

        Assert.True(await Model.Calls[0].Ended.WithinLimit("the call is gone"));
        Assert.Equal(TaskState.Canceled, (await Engine.ReadAsync(id)).State);
    }

    [Fact]
    public async Task AThoughtThatIsSealedComesBackWithItsCallAndOthersDoNot()
    {
        Model.Enqueue(
            ModelTurn.Think("Let me ").Think("see.").Think("", seal: "c2VhbA==").Call("note"),
            ModelTurn.Think("Hm.").Call("ask_user", new { question = "Sure?" }),
            ModelTurn.Say("Done."));
        static void Add(IServiceCollection services) => services.AddAgentTool(() => 1, "note");

        var asked = await AskAsync(NewAgent(Add), "Go");
        await AskAsync(NewAgent(Add), "Yes", asked.Id);

        var thought = Assert.IsType<TextReasoningContent>(Model.Calls[2].Messages[1].Contents[0]);
        Assert.Equal(("Let me see.", "c2VhbA=="), (thought.Text, thought.ProtectedData));
        Assert.Equal("ask_user", Assert.IsType<FunctionCallContent>(Assert.Single(Model.Calls[2].Messages[3].Contents)).Name);
    }

    [Fact]
    public async Task NoMessageIsEmpty()
    {
        Model.Enqueue(ModelTurn.Call("ask_user", new { question = "Which?" }), ModelTurn.Say("Done."));
        var asked = await AskAsync(NewAgent(), "Go");

        await AskAsync(NewAgent(), "Red", asked.Id);

        Assert.Equal(["user", "assistant", "tool"], Model.Calls[1].Messages.Select(message => message.Role.Value));
    }

    [Fact]
    public async Task AModelWithoutANameHasNone()
    {
        Model.Name = null;
        Model.Enqueue(ModelTurn.Say("Hello."));

        Assert.Equal(System.Text.Json.JsonValueKind.Null, UsageOf(await AskAsync(NewAgent(), "Hi")).GetProperty("model").ValueKind);
    }
}
