using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;

namespace ServerlessA2A.TestAgent.Travel;

/// <summary>Leaves each journey to the agent that its second word names, and gives each of its runs an id of its own.</summary>
public sealed class TravelAgent(IServiceProvider services, Journal journal) : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var run = $"{Guid.NewGuid():N}";
        Journal.Enter(run);
        await journal.StartedAsync(Journey.Of(context.Text), cancellationToken);
        var agent = services.GetRequiredKeyedService<IAgent>(context.Text.Split(' ')[1]);
        await using var updates = agent.RunAsync(context, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            // After each yield the context is the caller's again.
            Journal.Enter(run);
            if (!await updates.MoveNextAsync())
                yield break;
            yield return updates.Current;
        }
    }
}
