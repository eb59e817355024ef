using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;

namespace SeveralAgents;

/// <summary>Greets the caller, by name if the caller is authenticated.</summary>
public sealed class GreetingAgent : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return AgentUpdate.Complete($"Hello, {(context.Caller.IsAnonymous ? "stranger" : context.Caller.Name)}!");
    }
}

/// <summary>Answers with a function of the text.</summary>
public sealed class AnsweringAgent(Func<string, string> answer) : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return AgentUpdate.Artifact("answer", answer(context.Text));
    }
}
