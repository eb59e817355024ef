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
        await Task.Yield(); // Call a model, a tool or another agent here.
        yield return AgentUpdate.Artifact("shout", context.Text.ToUpperInvariant());
    }
}
