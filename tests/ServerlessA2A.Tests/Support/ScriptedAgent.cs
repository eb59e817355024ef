using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;

namespace ServerlessA2A.Tests.Support;

/// <summary>An agent that does what a test says.</summary>
public sealed class ScriptedAgent(Func<AgentContext, CancellationToken, IAsyncEnumerable<AgentUpdate>> script) : IAgent
{
    private int _runs;

    /// <summary>How often it was run.</summary>
    public int Runs => _runs;

    /// <summary>The task of the newest run.</summary>
    public AgentContext? Seen { get; private set; }

    /// <summary>An agent that says these, without a pause.</summary>
    public static ScriptedAgent Saying(params AgentUpdate[] updates) => new((_, _) => SayAsync(updates));

    /// <summary>An agent that says these and then throws.</summary>
    public static ScriptedAgent Throwing(Exception exception, params AgentUpdate[] updates) => new((_, _) => SayAsync(updates, exception));

    /// <summary>An agent that says these and then waits until it is told to stop.</summary>
    public static ScriptedAgent Waiting(params AgentUpdate[] updates) =>
        new((_, cancellationToken) => WaitAsync(updates, cancellationToken));

    public IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        Seen = context;
        return script(context, cancellationToken);
    }

    private static async IAsyncEnumerable<AgentUpdate> SayAsync(AgentUpdate[] updates, Exception? exception = null)
    {
        await Task.CompletedTask;
        foreach (var update in updates)
            yield return update;
        if (exception is not null)
            throw exception;
    }

    private static async IAsyncEnumerable<AgentUpdate> WaitAsync(
        AgentUpdate[] updates, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var update in updates)
            yield return update;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
