using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests;

/// <summary>Runs end before their work does, and instances go away: the next one goes on after the last turn that had ended.</summary>
public sealed class LongWorkTests : ChatAgentTest
{
    private int _steps;

    [Fact]
    public async Task ARunThatIsLostBetweenTurnsRepeatsNeitherTheModelNorTheTools()
    {
        var reached = new TaskCompletionSource();
        Model.Enqueue(ModelTurn.Say("One.").Call("step"), ModelTurn.Say("Two.").Call("step"), ModelTurn.Say("Thr").Hang());
        var id = await SendAsync("Go");
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(NewAgent(AddSteps), id, dies.Token);
        for (var call = 0; call < 3; call++)
            await Model.NextCallAsync();
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));

        Model.Enqueue(ModelTurn.Say("Three."));
        await Engine.RunAsync(NewAgent(AddSteps), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "One.\n\nTwo.\n\nThree."), (task.State, TextOf(task)));
        Assert.Equal(2, _steps);
        Assert.Equal("""
            user: Go
            model: One. | step({})
            user: step=1
            model: Two. | step({})
            user: step=2
            """, Shown(Model.Calls[3]));
        Assert.Equal(3, UsageOf(task).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task ARunThatIsLostWhileOneOfTwoToolsRunsRepeatsOnlyThatOne()
    {
        var (quick, slow) = (0, 0);
        var slowBegan = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Add(IServiceCollection services) => services
            .AddAgentTool(() => ++quick, "quick")
            .AddAgentTool(async (CancellationToken cancellationToken) =>
            {
                ++slow;
                slowBegan.TrySetResult();
                if (slow == 1)
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                return slow;
            }, "slow");
        Model.Enqueue(ModelTurn.Call("slow", id: "a").Call("quick", id: "b"), ModelTurn.Say("Done."));
        var id = await SendAsync("Go");
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(NewAgent(Add), id, dies.Token);
        var checkpoints = 0;
        await Engine.WaitForAsync(id, said => said is CheckpointSaved && ++checkpoints == 2);
        await slowBegan.Task.WithinLimit("the slow tool begins");
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));

        await Engine.RunAsync(NewAgent(Add), id).WithinLimit("the run ends");

        Assert.Equal((TaskState.Completed, 1, 2), ((await Engine.ReadAsync(id)).State, quick, slow));
        Assert.EndsWith("user: slow=2 | quick=1", Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATurnThatIsStillGoingOnWhenTheTimeIsOverIsContinuedByTheNextRun()
    {
        Model.Enqueue(ModelTurn.Say("The quick brown fox ").Hang(), ModelTurn.Say("jumps over the lazy dog."));
        Settings.GatherInterval = TimeSpan.Zero;
        var id = await SendAsync("Go");
        var first = Engine.RunAsync(NewAgent(), id);
        await Engine.WaitForAsync(id, said => said is ArtifactUpdated);

        Time.Advance(Settings.RunTimeLimit - Settings.HandOverMargin);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        Time.Advance(TimeSpan.FromSeconds(10));
        await first.WithinLimit("the run hands over");
        Assert.Equal(TaskState.Working, (await Engine.ReadAsync(id)).State);
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "The quick brown fox jumps over the lazy dog."), (task.State, TextOf(task)));
        Assert.Equal(["user", "assistant", "user"], Model.Calls[1].Messages.Select(message => message.Role.Value));
    }

    [Fact]
    public async Task AConversationOfHalfAnHourGoesOnFromRunToRun()
    {
        const int Turns = 200;
        var started = Time.GetUtcNow();
        Model.Answer = call => call.Messages.Count / 2 < Turns ? ModelTurn.Call("step").WithUsage(1, 1) : ModelTurn.Say("Done.");
        var id = await SendAsync("Go");

        var runs = 0;
        while (!(await Engine.ReadAsync(id)).State.IsTerminalOrInterrupted())
        {
            runs++;
            await Engine.RunAsync(NewAgent(services => services.AddAgentTool(TakeNineSeconds, "step"), ("MaxTurns", "1000")), id)
                .WithinLimit("the run ends");
        }

        var task = await Engine.ReadAsync(id);
        Assert.Equal(TimeSpan.FromMinutes(30), Time.GetUtcNow() - started);
        Assert.Equal((TaskState.Completed, "Done.", Turns), (task.State, TextOf(task), _steps));
        Assert.Equal(4, runs);
        Assert.Equal(Turns + 1, Model.Calls.Count);
        Assert.Equal(Turns + 1, UsageOf(task).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task APictureInAnUnfinishedConversationIsShownAgainAndNotKeptTwice()
    {
        var picture = new byte[200_000];
        Random.Shared.NextBytes(picture);
        Model.Enqueue(ModelTurn.Image(picture, "image/png").Call("ask_user", new { question = "Like it?" }), ModelTurn.Say("Good."));

        var asked = await AskAsync(NewAgent(), [Part.FromText("Draw like this"), Part.FromBytes(picture, "image/jpeg")]);
        await AskAsync(NewAgent(), "Yes", asked.Id);

        Assert.InRange(asked.Checkpoint!.Value.Length, 1, 5_000);
        Assert.Equal("""
            user: Draw like this | [image/jpeg 200000]
            model: [image/png 200000] | ask_user({"question":"Like it?"})
            user: ask_user={"answer":"Yes"}
            """, Shown(Model.Calls[1]));
        Assert.Equal(picture, Assert.IsType<DataContent>(Model.Calls[1].Messages[1].Contents[0]).Data.ToArray());
    }

    [Fact]
    public async Task ACheckpointOfAnotherAgentIsPutAside()
    {
        var other = ScriptedAgent.Saying(AgentUpdate.SaveCheckpoint("count:3"), AgentUpdate.Ask("Go on?"));
        var asked = await AskAsync(other, "Start");
        Model.Enqueue(ModelTurn.Say("Hello."));

        var task = await AskAsync(NewAgent(), "Yes", asked.Id);

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal("user: Start\nmodel: Go on?\nuser: Yes", Shown(Model.Calls[0]));
    }

    private int TakeNineSeconds()
    {
        Time.Advance(TimeSpan.FromSeconds(9));
        return ++_steps;
    }

    private void AddSteps(IServiceCollection services) => services.AddAgentTool(() => ++_steps, "step");
}
