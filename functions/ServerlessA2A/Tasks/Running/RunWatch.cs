using Microsoft.Extensions.Logging;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>Watches what others do to a task while a run holds it: messages that are added, and the loss of the lease.</summary>
internal sealed class RunWatch(TaskLog log, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>The delay before a failed watch is retried.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private readonly string _runId = log.Snapshot.Lease!.RunId;

    /// <summary>Not the agent's token: an agent that blocks in a callback of it would block the watch too.</summary>
    private readonly CancellationTokenSource _stop = new();
    private Task<TaskSnapshot?>? _change;

    /// <summary>
    /// Completes with the next change, or with a permanent fault. The watch starts with the first call: a run that never waits needs none.
    /// </summary>
    /// <param name="knownMessages">How many added messages the run has seen.</param>
    public Task NextAsync(int knownMessages) => _change ??= WatchAsync(knownMessages);

    /// <summary>
    /// Takes the change that was seen: the task, or null for the loss of the lease. Returns null where none was seen yet.
    /// </summary>
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
        if (_change is null)
            return;
        await _stop.CancelAsync();
        await ((Task)_change).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>A transient fault of the watch does not end the run: its renewals find lasting faults.</summary>
    private async Task<TaskSnapshot?> WatchAsync(int knownMessages)
    {
        for (var isFirst = true; !_stop.IsCancellationRequested; isFirst = false)
        {
            try
            {
                return await log.WaitForRunChangeAsync(_runId, knownMessages, _stop.Token);
            }
            catch (TaskStoreException fault) when (fault.IsTransient)
            {
                if (isFirst)
                    TaskLogMessages.WatchFailed(logger, fault, log.TaskId, _runId);
            }

            await Task.Delay(Delay, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }
}
