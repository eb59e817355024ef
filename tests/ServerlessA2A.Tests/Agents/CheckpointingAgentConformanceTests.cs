using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Tests.Conformance.Running;

namespace ServerlessA2A.Tests.Agents;

/// <summary>The suite with an agent that saves checkpoints, which the offline agent does not.</summary>
public sealed class CheckpointingAgentConformanceTests : AgentConformance
{
    protected override IReadOnlyList<string> Messages => ["3", "1"];

    protected override IAgent CreateAgent() => new Counting();

    /// <summary>Makes so many artifacts, a checkpoint after each.</summary>
    private sealed class Counting : IAgent
    {
        public async IAsyncEnumerable<AgentUpdate> RunAsync(
            AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var done = context.Checkpoint is { } saved ? int.Parse(Encoding.UTF8.GetString(saved.Span), CultureInfo.InvariantCulture) : 0;
            for (; done < int.Parse(context.Text, CultureInfo.InvariantCulture); done++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                yield return AgentUpdate.Artifact($"{done}", $"number {done}");
                yield return AgentUpdate.SaveCheckpoint($"{done + 1}");
            }
        }
    }
}
