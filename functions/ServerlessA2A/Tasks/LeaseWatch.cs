using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Tasks;

/// <summary>Sees when a task goes on without the run that has held its lease.</summary>
internal sealed class LeaseWatch(ITaskStore store, string taskId, string runId, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How long a watch that failed is let alone.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>Not the agent's token: an agent that blocks in a callback of that one would hold up the watch too.</summary>
    private readonly CancellationTokenSource _stop = new();
    private Task? _loss;

    /// <summary>Ends when the lease is lost, or with a fault that is final. The watch begins when it is first asked for: a run that never waits needs none.</summary>
    public Task Loss => _loss ??= WatchAsync();

    /// <summary>Whether the lease is lost, as far as the watch has seen.</summary>
    /// <exception cref="TaskStoreException">The watch has failed for good.</exception>
    public async ValueTask<bool> IsLostAsync()
    {
        if (_loss is not { IsCompleted: true })
            return false;
        await _loss;
        return true;
    }

    /// <summary>Ends the watch.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_loss is not null)
            await _loss.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>A passing fault of the watch alone is none of the run: its renewals find the same.</summary>
    private async Task WatchAsync()
    {
        for (var isFirst = true; !_stop.IsCancellationRequested; isFirst = false)
        {
            try
            {
                await store.WaitForLeaseLossAsync(taskId, runId, _stop.Token);
                return;
            }
            catch (TaskStoreException fault) when (fault.IsTransient)
            {
                if (isFirst)
                    TaskLogMessages.WatchFailed(logger, fault, taskId, runId);
            }

            await Task.Delay(Delay, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
