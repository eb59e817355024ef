using Microsoft.Extensions.Logging;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>Sees what others do to a task while a run holds it: messages that are added, and the loss of the lease.</summary>
internal sealed class RunWatch(ITaskStore store, string taskId, string runId, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How long a watch that failed is let alone.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>Not the agent's token: an agent that blocks in a callback of that one would hold up the watch too.</summary>
    private readonly CancellationTokenSource _stop = new();
    private Task<TaskSnapshot?>? _change;

    /// <summary>
    /// Ends with the next change, or with a fault that is final. The watch begins when it is first asked for: a run that never waits needs
    /// none.
    /// </summary>
    /// <param name="knownMessages">How many added messages the run knows of.</param>
    public Task NextAsync(int knownMessages) => _change ??= WatchAsync(knownMessages);

    /// <summary>The change that was seen: the task, or null for the loss of the lease. Null where none was seen yet.</summary>
    public Task<TaskSnapshot?>? Take()
    {
        if (_change is not { IsCompleted: true } change)
            return null;
        _change = null;
        return change;
    }

    /// <summary>Ends the watch.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_change is not null)
            await ((Task)_change).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>A passing fault of the watch alone is none of the run: its renewals find the same.</summary>
    private async Task<TaskSnapshot?> WatchAsync(int knownMessages)
    {
        for (var isFirst = true; !_stop.IsCancellationRequested; isFirst = false)
        {
            try
            {
                return await store.WaitForRunChangeAsync(taskId, runId, knownMessages, _stop.Token);
            }
            catch (TaskStoreException fault) when (fault.IsTransient)
            {
                if (isFirst)
                    TaskLogMessages.WatchFailed(logger, fault, taskId, runId);
            }

            await Task.Delay(Delay, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }
}
