using ServerlessA2A.Agents;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// The agent at work, one update at a time: it goes on only when its last update was dealt with. The agent's code runs on a thread of its
/// own, so that one that blocks holds up nothing but itself.
/// </summary>
internal sealed class AgentRun(IAgent agent, AgentContext task, TimeProvider time, CancellationTokenSource stop, TimeSpan grace)
{
    private IAsyncEnumerator<AgentUpdate>? _updates;
    private Task<bool> _moving = Task.FromResult(false);

    /// <summary>Asks for the next update. The task ends when there is one, or none any more, or with what the agent throws.</summary>
    public Task<bool> MoveNextAsync() => _moving = Task.Run(async () =>
    {
        _updates ??= agent.RunAsync(task, stop.Token).GetAsyncEnumerator(stop.Token);
        return await _updates.MoveNextAsync();
    });

    /// <summary>The update that the agent has said.</summary>
    public AgentUpdate Current => _updates!.Current;

    /// <summary>
    /// Whether the agent says more after its last word. It has a little time to end by itself; what it throws by then is thrown here.
    /// </summary>
    public async Task<bool> SaysMoreAsync()
    {
        var more = MoveNextAsync();
        return await EndsAsync(more) && await more;
    }

    /// <summary>Tells the agent to stop and waits a little. False when it goes on all the same: it is left behind then.</summary>
    public async Task<bool> StopAsync()
    {
        if (!await EndsAsync(stop.CancelAsync()) || !await EndsAsync(_moving))
            return false;
        return _updates is null || await EndsAsync(Task.Run(async () => await _updates.DisposeAsync()));
    }

    private async Task<bool> EndsAsync(Task task)
    {
        if (!task.IsCompleted)
            await Task.Yield();
        if (!task.IsCompleted)
            await task.WaitAsync(grace, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }
}
