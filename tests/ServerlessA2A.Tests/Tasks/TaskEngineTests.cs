using ServerlessA2A.Agents;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks;

/// <summary>What the tests of the lifecycle and of runs stand on: an engine on a store and a queue that can be made to fail.</summary>
public abstract class TaskEngineTests
{
    protected TaskEngineTests() => Engine = EngineWith(new TaskOptions());

    protected ManualTimeProvider Time { get; } = new();

    protected FailingTaskStore Store { get; private set; } = null!;

    protected RecordingQueue Queue { get; } = new();

    protected TestEngine Engine { get; set; }

    protected TestEngine EngineWith(TaskOptions options, AgentCardOptions? card = null)
    {
        Store ??= new FailingTaskStore(new InMemoryTaskStore(Time, Microsoft.Extensions.Options.Options.Create(new InMemoryOptions())));
        return new TestEngine(Store, Queue, Time, options, card);
    }

    /// <summary>A task that was run by an agent that says these.</summary>
    protected async Task<TaskSnapshot> RunAsync(params AgentUpdate[] updates) => await Engine.RunNewAsync(ScriptedAgent.Saying(updates));

    protected static async Task<A2AException> RefusedAsync(A2AError error, Func<Task> action)
    {
        var refusal = await Assert.ThrowsAsync<A2AException>(action);
        Assert.Equal(error, refusal.Error);
        return refusal;
    }

    protected static string TextOf(TaskSnapshot task) => task.Task.Status.Message!.Parts[0].Text!;

    /// <summary>What is in a stream, in short: kind and, where it matters, content.</summary>
    private protected static string InBrief(StreamItem item) => item.Response switch
    {
        { Task: { } task } => $"{item.Id}:task {task.Status.State}",
        { StatusUpdate: { } update } => $"{item.Id}:{update.Status.State}{(item.IsFinal ? " final" : "")}",
        { ArtifactUpdate: { } update } => $"{item.Id}:{update.Artifact.Parts[0].Text}",
        _ => $"{item.Id}:?",
    };

    /// <summary>A stream to its end.</summary>
    private protected static async Task<List<string>> ReadToEndAsync(IAsyncEnumerable<StreamItem> stream)
    {
        var items = new List<string>();
        await Task.Run(async () =>
        {
            await foreach (var item in stream)
                items.Add(InBrief(item));
        }).WithinLimit("the stream ends");
        return items;
    }
}
