using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;

namespace ServerlessA2A.SampleAgent;

/// <summary>Answers in capitals.</summary>
public sealed class ShoutingAgent : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(
        AgentTask task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return AgentUpdate.Status("Taking a deep breath.");
        await Task.Yield(); // Here a model is called, or a tool, or another agent.
        yield return AgentUpdate.Artifact("shout", task.Text.ToUpperInvariant());
    }
}
