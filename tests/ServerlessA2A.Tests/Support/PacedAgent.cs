using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ServerlessA2A.Agents;

namespace ServerlessA2A.Tests.Support;

/// <summary>
/// An agent whose every word is given by the test while it runs: <see cref="SayAsync"/> ends when the engine has dealt with the update
/// and asks for the next.
/// </summary>
public sealed class PacedAgent : IAgent
{
    private readonly Channel<(AgentUpdate Update, TaskCompletionSource Asked)> _words = Channel.CreateUnbounded<(
        AgentUpdate, TaskCompletionSource)>();
    private readonly TaskCompletionSource<AgentContext> _began = New<AgentContext>();
    private readonly TaskCompletionSource _stopped = New();

    /// <summary>Ends when the engine has begun the run.</summary>
    public Task<AgentContext> Began => _began.Task.WithinLimit("the agent's begin");

    /// <summary>Ends when the agent was told to stop.</summary>
    public Task Stopped => _stopped.Task.WithinLimit("the agent is told to stop");

    /// <summary>Says something, and waits until the engine asks for more.</summary>
    public async Task SayAsync(AgentUpdate update)
    {
        var asked = New();
        _words.Writer.TryWrite((update, asked));
        await asked.Task.WithinLimit($"the engine deals with {update}");
    }

    /// <summary>Says something after which the engine asks for nothing.</summary>
    public void Say(AgentUpdate update) => _words.Writer.TryWrite((update, New()));

    /// <summary>Ends without another word.</summary>
    public void End() => _words.Writer.Complete();

    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Not disposed of: what waits below is woken first, and would take the registration back before its turn.
        cancellationToken.Register(() => _stopped.TrySetResult());
        _began.TrySetResult(context);
        await foreach (var (update, asked) in _words.Reader.ReadAllAsync(cancellationToken))
        {
            yield return update;
            asked.TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
