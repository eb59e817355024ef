using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.AgentFramework.Tests.Support;
using ServerlessA2A.Client;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.AgentFramework.Tests;

/// <summary>A ChatClientAgent calls another agent, which runs on a server of this machine.</summary>
public sealed class RemoteAgentTests : AgentFrameworkTest, IAsyncLifetime
{
    private AgentHost _remote = null!;
    private int _local;

    /// <summary>The lease is renewed at other times than those that the tests wait for.</summary>
    public RemoteAgentTests() => Settings.LeaseDuration = TimeSpan.FromSeconds(90);

    public async Task InitializeAsync()
    {
        _remote = await AgentHost.StartAsync(("Agent:Replies", "true"));
        Services = new ServiceCollection().AddSingleton(Engine.Store).AddSingleton<TimeProvider>(Time)
            .AddRemoteAgent(_remote.Address!, "other", "Helps.").BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await ((ServiceProvider)Services).DisposeAsync();
        await _remote.DisposeAsync();
    }

    [Fact]
    public async Task TheOtherAgentsResultIsTheToolsAndItsFailureAnError()
    {
        Model.Then(Call("hello", "a"), Call("reply:hi", "b"), Call("fail:broken", "c")).Then("Done.");

        var task = await AskAsync(NewAgent(), "Go");

        Assert.Equal((TaskState.Completed, "Done."), (task.State, TextOf(task)));
        Assert.Contains("a=hello", Model.Calls[1], StringComparison.Ordinal);
        Assert.Contains("b=hi", Model.Calls[1], StringComparison.Ordinal);
        Assert.Contains("ended with Failed. broken", Model.Calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItsFilesAreNamed()
    {
        Model.Then(Call("described:hello")).Then("Done.");

        await AskAsync(NewAgent(), "Go");

        Assert.Contains(
            "a=hello\nhttps://x.example/a\n(The file without a name of the type image/png, 1 bytes.)", Model.Calls[1],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunThatIsLostWaitsForTheSameTaskInTheNextOneAndCallsTheModelOnce()
    {
        Model.Then(Call("hold:gate")).Then("Done.");
        var id = await SendAsync("Go");
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(NewAgent(), id, dies.Token);
        await Engine.WaitForAsync(id, said => said is CheckpointSaved);
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));

        var next = Engine.RunAsync(NewAgent(), id);
        _remote.Agent.Release("gate");
        await next.WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "Done."), (task.State, TextOf(task)));
        Assert.Equal("user: Go\nassistant: other(hold:gate)\ntool: a=hold:gate", Model.Calls[^1]);
        Assert.Equal(2, Model.Calls.Count);
        Assert.Single(await TasksAsync());
    }

    [Fact]
    public async Task ARunWhoseTimeIsOverHandsTheCallOver()
    {
        // The run is left after 15 s; after 20 s the task would sleep instead.
        Settings.RunTimeLimit = Settings.HandOverMargin + TimeSpan.FromSeconds(5);
        Model.Then(Call("hold:gate")).Then("Done.");
        var id = await SendAsync("Go");
        var first = Engine.RunAsync(NewAgent(), id);
        await Engine.WaitForAsync(id, said => said is CheckpointSaved);

        Time.Advance(TimeSpan.FromSeconds(5));
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        Time.Advance(TimeSpan.FromSeconds(10));
        await first.WithinLimit("the run hands over");
        Assert.True(Assert.IsType<CheckpointSaved>((await Engine.EventsAsync(id))[^1]).HandOver);
        _remote.Agent.Release("gate");
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(id)).State);
        Assert.Equal(TaskState.Completed, Assert.Single(await TasksAsync()).Status.State);
    }

    [Fact]
    public async Task ItsQuestionIsAskedAndAnswered()
    {
        Model.Then(Call("ask")).Then("Done.");

        var asked = await AskAsync(NewAgent(), "Go");
        var done = await AskAsync(NewAgent(), "this one", asked.Id);

        Assert.Equal((TaskState.InputRequired, "Which one?"), (asked.State, Said(asked)));
        Assert.Equal((TaskState.Completed, "Done."), (done.State, TextOf(done, "answer-2")));
        Assert.Equal(2, Model.Calls.Count);
        Assert.DoesNotContain("user: this one", Model.Calls[1], StringComparison.Ordinal);
        var other = Assert.Single(await TasksAsync());
        Assert.Equal(TaskState.Completed, other.Status.State);
    }

    [Fact]
    public async Task ATextAfterTheCallThatAsksDoesNotCountAsBrokenOff()
    {
        Model.Then(Call("ask"), "I have asked.").Then("Done.");

        var asked = await AskAsync(NewAgent(), "Go");
        var done = await AskAsync(NewAgent(), "this one", asked.Id);

        Assert.Equal((TaskState.Completed, "Done."), (done.State, TextOf(done, "answer-2")));
        Assert.StartsWith("user: Go\nassistant: I have asked.\nassistant: other(ask)\ntool: a=", Model.Calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelingTheTaskCancelsTheOtherOne()
    {
        Model.Then(Call("hold:never"));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(), id);
        await Engine.WaitForAsync(id, said => said is CheckpointSaved);
        using var client = new A2AClient(_remote.Address!);
        var other = Assert.Single(await TasksAsync());

        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new() { Id = id }, CancellationToken.None);

        Assert.Equal(TaskState.Canceled, (await client.WaitAsync(other.Id).WithinLimit("the other task ends")).Status.State);
        await run.WithinLimit("the run ends");
    }

    [Fact]
    public async Task ALongTaskOfItIsAwaitedAsleepAndCanceledWithThisOne()
    {
        Model.Then(Call("hold:gate")).Then("Done.").Then(Call("hold:never", "b"));
        var id = await SleepAsync();
        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromSeconds(10), (await Engine.ReadAsync(id)).SleepUntil);
        using var client = new A2AClient(_remote.Address!);

        _remote.Agent.Release("gate");
        await client.WaitAsync(Assert.Single(await TasksAsync()).Id);
        Time.Advance(TimeSpan.FromSeconds(10));
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "Done."), (task.State, TextOf(task)));
        Assert.Equal(2, Model.Calls.Count);

        var other = await SleepAsync();
        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new() { Id = other }, CancellationToken.None);
        await Engine.RunAsync(NewAgent(), other).WithinLimit("the agent cleans up");
        Assert.Equal([TaskState.Canceled, TaskState.Completed], (await TasksAsync()).Select(each => each.Status.State));
    }

    [Fact]
    public async Task ACallBesideItIsMadeAgainByTheModel()
    {
        Model.Then(ScriptedModel.Call("local", "l"), Call("ask")).Then(ScriptedModel.Call("local", "m")).Then("Done.");

        var asked = await AskAsync(NewAgent(), "Go");
        var done = await AskAsync(NewAgent(), "this one", asked.Id);

        Assert.Equal((TaskState.Completed, 2), (done.State, _local));
        Assert.StartsWith("user: Go\nassistant: other(ask)\ntool: a=", Model.Calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task InAWorkflowItsQuestionIsTheToolsResult()
    {
        Model.Then(Call("ask")).Then("Done.");
        var agent = Host(() => AgentWorkflowBuilder.BuildSequential(new ChatClientAgent(Model, tools: [.. Services.GetRemoteAgents()]))
            .AsAIAgent());

        var task = await AskAsync(agent, "Go");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Contains("Which one?", Model.Calls[1], StringComparison.Ordinal);
    }

    private static FunctionCallContent Call(string message, string id = "a") => ScriptedModel.Call("other", id, ("message", message));

    private AIAgentHost NewAgent() => NewAgent([.. Services.GetRemoteAgents(), AIFunctionFactory.Create(() => ++_local, "local")]);

    /// <summary>A task whose run waits for the other agent until its patience is over.</summary>
    private async Task<string> SleepAsync()
    {
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(), id);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(20));
        Time.Advance(TimeSpan.FromSeconds(20));
        await run.WithinLimit("the run ends");
        return id;
    }

    /// <summary>The other agent's tasks.</summary>
    private async Task<List<A2ATask>> TasksAsync()
    {
        using var client = new A2AClient(_remote.Address!);
        return await client.ListTasksAsync().ToListAsync();
    }
}
