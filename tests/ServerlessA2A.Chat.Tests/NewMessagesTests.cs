using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;
using Part = ServerlessA2A.Protocol.Messages.Part;

namespace ServerlessA2A.Chat.Tests;

/// <summary>What the client says while the model is at work is in the model's next turn.</summary>
public sealed class NewMessagesTests : ChatAgentTest
{
    [Fact]
    public async Task AMessageThatComesWhileAToolRunsIsInTheNextTurn()
    {
        var called = new TaskCompletionSource();
        Model.Enqueue(ModelTurn.Say("Looking.").Call("wait"), ModelTurn.Say("Both."));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(services => AddWaiting(services, called)), id);
        await called.Task.WithinLimit("the tool is called");
        await Engine.SendAsync("And more", id);
        await run.WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "Looking.", "Both."), (task.State, TextOf(task), TextOf(task, "answer-2")));
        Assert.Equal("""
            user: Go
            model: Looking. | wait({})
            user: wait=1
            user: And more
            """, Shown(Model.Calls[1]));
        Assert.Equal(2, Model.Calls.Count);
    }

    [Fact]
    public async Task AMessageThatComesWhileTheModelAnswersTakesAnotherTurnOfTheSameRun()
    {
        var (seen, gate) = (new TaskCompletionSource<AgentContext>(), new TaskCompletionSource());
        Model.Enqueue(ModelTurn.Say("One.").Wait(gate.Task), ModelTurn.Say("Two."));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(Watched(NewAgent(), seen), id);
        var running = await seen.Task.WithinLimit("the run begins");
        await Model.NextCallAsync();
        await Engine.SendAsync("And more", id);
        await running.NewMessages.WaitToReadAsync().AsTask().WithinLimit("the run hears the message");
        gate.SetResult();
        await run.WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "One.", "Two."), (task.State, TextOf(task), TextOf(task, "answer-2")));
        Assert.Equal("user: Go\nmodel: One.\nuser: And more", Shown(Model.Calls[1]));
        Assert.DoesNotContain(await Engine.EventsAsync(id), taskEvent => taskEvent is RequestAdvanced);
    }

    [Fact]
    public async Task AMessageThatCrossesWithTheAnswerIsAnsweredByARunThatKnowsTheAnswer()
    {
        Model.Enqueue(ModelTurn.Call("step"), ModelTurn.Say("One."), ModelTurn.Say("Two."));
        var id = await SendAsync("Go");
        var agent = NewAgent(services => services.AddAgentTool(() => 7, "step"));
        await EngineMetBy("Late", id).RunAsync(agent, id).WithinLimit("the run ends");
        Assert.Equal((TaskState.Working, "One."), ((await Engine.ReadAsync(id)).State, TextOf(await Engine.ReadAsync(id))));

        await Engine.RunAsync(agent, id).WithinLimit("the next run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "One.", "Two."), (task.State, TextOf(task), TextOf(task, "answer-2")));
        Assert.Equal("""
            user: Go
            model: step({})
            user: step=7
            model: One.
            user: Late
            """, Shown(Model.Calls[2]));
        Assert.Equal(3, UsageOf(task).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task AMessageThatCrossesWithAQuestionIsNoAnswerToIt()
    {
        Model.Enqueue(ModelTurn.Call("ask_user", new { question = "Sure?" }), ModelTurn.Say("Done."));
        var id = await SendAsync("Go");
        await EngineMetBy("yes, and quickly", id).RunAsync(NewAgent(), id).WithinLimit("the run ends");
        Assert.Equal((TaskState.InputRequired, "Sure?"), ((await Engine.ReadAsync(id)).State, Said(await Engine.ReadAsync(id))));

        var task = await AskAsync(NewAgent(), "No", id);

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal("""
            user: Go
            model: ask_user({"question":"Sure?"})
            user: ask_user={"answer":"No"}
            user: yes, and quickly
            """, Shown(Model.Calls[1]));
    }

    [Fact]
    public async Task ARunThatGoesOnAfterACrashHearsEachMessageOnce()
    {
        var called = new TaskCompletionSource();
        Model.Enqueue(ModelTurn.Call("wait"), ModelTurn.Call("step"), ModelTurn.Say("Al").Hang(), ModelTurn.Say("All."));
        void Add(IServiceCollection services) => AddWaiting(services, called).AddAgentTool(() => 2, "step");
        var id = await SendAsync("Go");
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(NewAgent(Add), id, dies.Token);
        await called.Task.WithinLimit("the tool is called");
        await Engine.SendAsync("And more", id);
        for (var call = 0; call < 3; call++)
            await Model.NextCallAsync();
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));

        await Engine.RunAsync(NewAgent(Add), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "All."), (task.State, TextOf(task, "answer-2")));
        Assert.Equal("""
            user: Go
            model: wait({})
            user: wait=1
            user: And more
            model: step({})
            user: step=2
            """, Shown(Model.Calls[3]));
    }

    [Fact]
    public async Task ThePartOfAMessageThatNoModelCanReadIsReportedAndTheTaskGoesOn()
    {
        var called = new TaskCompletionSource();
        Model.Enqueue(ModelTurn.Call("wait"), ModelTurn.Call("ask_user", new { question = "Which?" }), ModelTurn.Say("Done."));
        void Add(IServiceCollection services) => AddWaiting(services, called);
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(Add), id);
        await called.Task.WithinLimit("the tool is called");
        await SendAsync([Part.FromText("Like this"), Part.FromUri("ftp://x/y", "image/png")], id);
        await run.WithinLimit("the run ends");
        Assert.Equal(TaskState.InputRequired, (await Engine.ReadAsync(id)).State);

        var task = await AskAsync(NewAgent(Add), "Red", id);

        Assert.Equal((TaskState.Completed, "Done."), (task.State, TextOf(task, "answer-3")));
        Assert.Equal(
            ["The task continues without what the model cannot read. message.parts[1].url is 'ftp://x/y': " +
                "the model reads files at https:// addresses, and in data: addresses."],
            Reports(task));
        // The next run reads the same from its checkpoint.
        Assert.Equal("""
            user: Go
            model: wait({})
            user: wait=1
            user: Like this | (You cannot read this from the client: message.parts[1].url is 'ftp://x/y': the model reads files at https:// addresses, and in data: addresses.)
            model: ask_user({"question":"Which?"})
            user: ask_user={"answer":"Red"}
            """, Shown(Model.Calls[2]));
    }

    [Fact]
    public async Task AnUnreadableMessageThatComesWhileTheModelAnswersLeavesTheAnswerAsItIs()
    {
        var (seen, gate) = (new TaskCompletionSource<AgentContext>(), new TaskCompletionSource());
        Model.Enqueue(ModelTurn.Say("One.").Wait(gate.Task), ModelTurn.Say("I cannot read it."));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(Watched(NewAgent(), seen), id);
        var running = await seen.Task.WithinLimit("the run begins");
        await Model.NextCallAsync();
        await SendAsync([Part.FromUri("ftp://foreign/a", "image/png")], id);
        await running.NewMessages.WaitToReadAsync().AsTask().WithinLimit("the run hears the message");
        gate.SetResult();
        await run.WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "One.", "I cannot read it."), (task.State, TextOf(task), TextOf(task, "answer-2")));
        Assert.Contains("ftp://foreign/a", Assert.Single(Reports(task)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnreadableMessageThatCrossesWithTheAnswerLeavesTheAnswerAsItIs()
    {
        Model.Enqueue(ModelTurn.Say("One."), ModelTurn.Say("I cannot read it."));
        var id = await SendAsync("Go");
        await EngineMetBy(() => SendAsync([Part.FromBytes(new byte[] { 1 })], id)).RunAsync(NewAgent(), id).WithinLimit("the run ends");

        await Engine.RunAsync(NewAgent(), id).WithinLimit("the next run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "One.", "I cannot read it."), (task.State, TextOf(task), TextOf(task, "answer-2")));
        Assert.Contains("message.parts[0].mediaType is not set", Assert.Single(Reports(task)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMessageThatSaysNothingIsReportedAndTheTaskGoesOn()
    {
        Model.Enqueue(ModelTurn.Say("Hello."));
        var id = await SendAsync("Go");
        await Engine.SendAsync(" ", id);

        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal(TaskState.Completed, task.State);
        Assert.Contains("message.parts contain nothing", Assert.Single(Reports(task)), StringComparison.Ordinal);
        Assert.Equal(
            "user: Go | (You cannot read this from the client: message.parts contain nothing that a model could answer.)",
            Shown(Model.Calls[0]));
    }

    [Fact]
    public async Task AnUnreadableAnswerToAQuestionIsReportedAndTheTaskGoesOn()
    {
        Model.Enqueue(ModelTurn.Call("ask_user", new { question = "Which?" }), ModelTurn.Say("Done."));
        var id = await SendAsync("Go");
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        var task = await AskAsync(NewAgent(), [Part.FromText("This"), Part.FromUri("ftp://x/y", "image/png")], id);

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Contains("ftp://x/y", Assert.Single(Reports(task)), StringComparison.Ordinal);
        Assert.StartsWith("""
            user: Go
            model: ask_user({"question":"Which?"})
            user: ask_user={"answer":"This"}
            user: (You cannot read this from the client: message.parts[1].url is 'ftp://x/y'
            """, Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    /// <summary>What the client was told of its messages that could not be read.</summary>
    private static IEnumerable<string> Reports(TaskSnapshot task) => task.Task.History!.Where(message => message.Role == Role.Agent)
        .Select(message => message.Parts[0].Text!).Where(text => text.StartsWith("The task continues", StringComparison.Ordinal));

    /// <summary>A tool that waits for a message of the client, and leaves it to the model.</summary>
    private static IServiceCollection AddWaiting(IServiceCollection services, TaskCompletionSource called) => services.AddAgentTool(
        async (ToolContext tool, CancellationToken cancellationToken) =>
        {
            called.TrySetResult();
            await tool.Agent.NewMessages.WaitToReadAsync(cancellationToken);
            return 1;
        },
        "wait");

    private static ScriptedAgent Watched(ChatAgent agent, TaskCompletionSource<AgentContext> seen) => new((task, cancellationToken) =>
    {
        seen.TrySetResult(task);
        return agent.RunAsync(task, cancellationToken);
    });

    /// <summary>An instance whose run is met by a message just before its last word is stored.</summary>
    private TestEngine EngineMetBy(string text, string taskId) => EngineMetBy(() => Engine.SendAsync(text, taskId));

    private TestEngine EngineMetBy(Func<Task> send)
    {
        var isMet = false;
        var store = new InterveningStore(Engine.Store, async entry =>
        {
            if (isMet || entry.Events[^1] is not StatusChanged)
                return;
            isMet = true;
            await send();
        });
        return new TestEngine(
            store, Engine.Queue, Time, Settings, new AgentCardOptions { OutputModes = { "*/*" }, InputModes = { "*/*" } });
    }
}
