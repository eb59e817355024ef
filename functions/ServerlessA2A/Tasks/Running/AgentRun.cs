using System.Diagnostics;
using ServerlessA2A.Agents;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// The running agent, one update at a time: it continues only after its last update was handled. The agent's code runs on a thread of its
/// own, so that an agent that blocks delays nothing but itself.
/// </summary>
/// <param name="agent">The agent.</param>
/// <param name="name">Its name, for telemetry.</param>
/// <param name="task">What it is given.</param>
/// <param name="time">The clock.</param>
/// <param name="grace">How long it may take to stop.</param>
/// <param name="cancellationToken">Stops it too.</param>
internal sealed class AgentRun(
    IAgent agent, string name, AgentContext task, TimeProvider time, TimeSpan grace, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Activity? _span = EngineSpans.StartAgent(name, task.TaskId, task.ContextId);
    private IAsyncEnumerator<AgentUpdate>? _updates;
    private Task<bool> _moving = Task.FromResult(false);
    private bool _isAtEnd;

    /// <summary>
    /// Asks for the next update. The task completes with true when there is one, with false at the end, or with what the agent throws.
    /// </summary>
    public Task<bool> MoveNextAsync() => _moving = StepAsync();

    /// <summary>The update that the agent has yielded.</summary>
    public AgentUpdate Current => _updates!.Current;

    /// <summary>
    /// Whether the agent yields another update after its outcome. It has the grace period to finish; this throws what the agent throws
    /// until then.
    /// </summary>
    public async Task<bool> YieldsMoreAsync()
    {
        var more = MoveNextAsync();
        return await EndsAsync(more) && await more;
    }

    /// <summary>Stops the agent and waits for the grace period. False when the agent has not stopped: it is abandoned then.</summary>
    public async Task<bool> StopAsync()
    {
        if (!await EndsAsync(_stop.CancelAsync()) || !await EndsAsync(_moving))
            return false;
        return _updates is null || await EndsAsync(DisposeUpdatesAsync(_updates));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _span?.Dispose();
        _stop.Dispose();
    }

    private async Task<bool> StepAsync()
    {
        // To the thread pool, as Task.Run does, with fewer objects.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_span is not null)
            Activity.Current = _span;
        _updates ??= agent.RunAsync(task, _stop.Token).GetAsyncEnumerator(_stop.Token);
        return await _updates.MoveNextAsync() || !(_isAtEnd = true);
    }

    private async Task DisposeUpdatesAsync(IAsyncEnumerator<AgentUpdate> updates)
    {
        // At its end an iterator has left all its blocks, and none of the agent's code remains.
        if (!_isAtEnd)
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await updates.DisposeAsync();
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
