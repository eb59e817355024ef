using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;

namespace OwnAgent;

/// <summary>Answers in capitals.</summary>
public sealed class ShoutingAgent : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(
        AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return AgentUpdate.Report("Taking a deep breath.");
        await Task.Yield(); // Here a model is called, or a tool, or another agent.
        yield return AgentUpdate.Artifact("shout", context.Text.ToUpperInvariant());
    }
}
