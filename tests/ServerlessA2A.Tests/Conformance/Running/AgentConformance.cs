using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <summary>What every agent promises (<see cref="IAgent"/>): it ends, it obeys a cancel, and it goes on from what it has saved.</summary>
public abstract class AgentConformance
{
    protected ManualTimeProvider Time { get; } = new();

    /// <summary>Messages that together bring out all that the agent does.</summary>
    protected abstract IReadOnlyList<string> Messages { get; }

    /// <summary>A new agent: what another one of the same kind remembers, it does not know.</summary>
    protected abstract IAgent CreateAgent();

    /// <summary>Whether the agent says the same when it is asked the same. Where it does not, only the ends are compared.</summary>
    protected virtual bool IsDeterministic => true;

    [Fact]
    public async Task EveryRunEndsAndSaysNothingThatIsNotAllowed()
    {
        foreach (var message in Messages)
        {
            var said = await ListenAsync(TaskOf(message));
            var rules = new ArtifactRules(null);
            Assert.All(said.OfType<ArtifactUpdate>(), chunk => rules.Accept(chunk));
            Assert.All(said.SkipLast(1), update => Assert.False(IsLastWord(update), $"{update} is not the last word"));
        }
    }

    [Fact]
    public async Task ARunThatIsCanceledBeforeItBeginsEnds()
    {
        foreach (var message in Messages)
            await ListenAsync(TaskOf(message), stopAfter: 0);
    }

    [Fact]
    public async Task ARunThatIsCanceledAfterAnyUpdateEndsSoon()
    {
        foreach (var message in Messages)
        {
            var whole = await ListenAsync(TaskOf(message));
            for (var heard = 1; heard < whole.Count; heard++)
            {
                // It may still finish the step it is at.
                var said = await ListenAsync(TaskOf(message), stopAfter: heard);
                Assert.InRange(said.Count, heard, heard + 2);
            }
        }
    }

    [Fact]
    public async Task AnotherRunGoesOnFromWhereverOneWasCutOff()
    {
        foreach (var message in Messages)
        {
            var whole = await ListenAsync(TaskOf(message));
            for (var heard = 0; heard < whole.Count; heard++)
            {
                var before = whole.Take(heard).ToList();
                var checkpoint = before.OfType<SaveCheckpointUpdate>().LastOrDefault()?.Data;
                var after = await ListenAsync(TaskOf(message) with { Attempt = 2, Checkpoint = checkpoint, Artifacts = Artifacts(before) });
                Assert.Equal(End(whole), End([.. before, .. after]));
            }
        }
    }

    private static AgentContext TaskOf(string text)
    {
        var message = new Message { MessageId = "m", TaskId = "t", ContextId = "c", Role = Role.User, Parts = [Part.FromText(text)] };
        return new AgentContext { TaskId = "t", ContextId = "c", Message = message, History = [message], };
    }

    /// <summary>All that a new agent says, or what it says when it is told to stop after so many updates.</summary>
    private async Task<List<AgentUpdate>> ListenAsync(AgentContext task, int? stopAfter = null)
    {
        using var stop = new CancellationTokenSource();
        var said = new List<AgentUpdate>();
        if (stopAfter == 0)
            await stop.CancelAsync();
        await using var updates = CreateAgent().RunAsync(task, stop.Token).GetAsyncEnumerator(stop.Token);
        try
        {
            while (await PassTimeAsync(updates.MoveNextAsync().AsTask()))
            {
                said.Add(updates.Current);
                if (said.Count == stopAfter)
                    await stop.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // One of the two ways to obey; the other is to end.
        }

        return said;
    }

    private async Task<bool> PassTimeAsync(Task<bool> next)
    {
        using var limit = new CancellationTokenSource(Guard.Limit);
        while (!next.IsCompleted)
        {
            Assert.False(limit.IsCancellationRequested, "the agent does not end");
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await next;
    }

    private static IReadOnlyList<Artifact> Artifacts(IEnumerable<AgentUpdate> said)
    {
        var artifacts = new ArtifactList(null);
        foreach (var chunk in said.OfType<ArtifactUpdate>())
            artifacts.Add(new ArtifactUpdated { Artifact = chunk.Content, Append = chunk.Append, LastChunk = chunk.LastChunk });
        return artifacts.ToList();
    }

    private string End(List<AgentUpdate> said) =>
        (said.Count > 0 && IsLastWord(said[^1]) ? said[^1].GetType().Name : nameof(CompleteUpdate)) +
        (IsDeterministic ? string.Concat(Artifacts(said).Select(artifact => "\n" + Describe.Json(artifact))) : "");

    private static bool IsLastWord(AgentUpdate update) => update is
        CompleteUpdate or FailUpdate or RejectUpdate or AskUpdate or RequireAuthorizationUpdate;
}
