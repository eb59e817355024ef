using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>Yields chunks of a text without pauses.</summary>
internal sealed class ChunkAgent(int chunks) : IAgent
{
    public const int Few = 10;
    public const int Many = 60;

    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < chunks; i++)
        {
            await Task.CompletedTask;
            yield return AgentUpdate.Append("answer", "Some words of a chunk.");
        }
    }
}
