using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;

namespace My_Agent;

/// <summary>Echoes the message. Call your model here.</summary>
public sealed class EchoAgent : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(
        AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return AgentUpdate.Report("Thinking …");
        await Task.Yield();
        yield return AgentUpdate.Artifact("answer", $"You said: {context.Text}");
    }
}
