using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.TestAgent.Travel;

/// <summary>Leaves each journey to the agent that its second word names, and gives each of its runs an id of its own.</summary>
public sealed class TravelAgent(IServiceProvider services, Journal journal) : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var run = $"{Guid.NewGuid():N}";
        Journal.Enter(run);
        var wish = context.History.First(message => message.Role == Role.User).Parts[0].Text!;
        await journal.StartedAsync(Journey.Of(wish).Number, cancellationToken);
        var agent = services.GetRequiredKeyedService<IAgent>(wish.Split(' ')[1]);
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
