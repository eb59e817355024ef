using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;

namespace Extensions;

/// <summary>Rolls two dice, and records each roll as a step of the trace.</summary>
public sealed class DiceAgent(TraceabilityExtension trace) : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return AgentUpdate.Report("Rolling the dice.");
        var sum = 0;
        for (var die = 0; die < 2; die++)
        {
            using (trace.Begin(context, "roll"))
                sum += Random.Shared.Next(1, 7);
        }

        yield return AgentUpdate.Artifact("sum", $"{sum}");
    }
}
