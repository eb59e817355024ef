using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Requests runs of unattended tasks: those whose run request was never published, and those whose worker was lost. Concurrent sweeps
/// request each run once. Also deletes expired tasks, where the store needs it.
/// </summary>
public sealed class TaskSweeper(
    ITaskStore store, ITaskQueue queue, TimeProvider time, IOptions<TaskOptions> options, ILogger<TaskSweeper> logger,
    ITaskExpiry? expiry = null)
{
    /// <summary>The number of expired tasks that are deleted at once.</summary>
    private const int DeletedAtOnce = 100;

    /// <summary>How often a sweep deletes so many; the next sweep continues.</summary>
    private const int MaxDeletions = 10;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Sweeps once and returns the number of requested runs.</summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; the next sweep continues.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var published = await SweepPages.SweepAsync(
            count => store.ListUnattendedAsync(time.GetUtcMilliseconds() - options.Value.SweepDelay, count, cancellationToken),
            task => SweepAsync(task, cancellationToken), time, cancellationToken);
        await DeleteExpiredAsync(cancellationToken);
        return published;
    }

    private async Task<int?> SweepAsync(UnattendedTask task, CancellationToken cancellationToken)
    {
        if (!await PostponeAsync(task, cancellationToken))
            return null;
        using (EngineSpans.StartSwept("run", task.TaskId, task.TraceParent))
            await queue.PublishRunAsync(new RunRequest(task.TaskId), cancellationToken);
        TaskLogMessages.TaskSwept(logger, task.TaskId, task.Since);
        EngineMetrics.Swept("run", 1);
        return 1;
    }

    private async ValueTask DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        for (var deletions = 0; expiry is not null && deletions < MaxDeletions; deletions++)
        {
            if (await expiry.DeleteExpiredAsync(DeletedAtOnce, cancellationToken) < DeletedAtOnce)
                break;
        }
    }

    /// <summary>
    /// Postpones the task before its run is requested: of two sweeps only one requests it, and after a crash in between a later sweep does.
    /// A task that cannot be read must not block all others.
    /// </summary>
    private async ValueTask<bool> PostponeAsync(UnattendedTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await store.PostponeAsync(task, NextLook(task), cancellationToken);
        }
        catch (TaskStoreException unreadable) when (!unreadable.IsTransient)
        {
            TaskLogMessages.TaskNotSwept(logger, unreadable, task.TaskId);
            return false;
        }
    }

    /// <summary>
    /// When to look at the task again: the older it is the later, so that a task that waits for busy workers is not requested every minute.
    /// Never at once, even if the clock of another instance differs: a sweep would request it on each page.
    /// </summary>
    private DateTimeOffset NextLook(UnattendedTask task)
    {
        var now = time.GetUtcMilliseconds();
        var age = now - task.StatusAt;
        return now + (age < ShortestWait ? ShortestWait : age < LongestWait ? age : LongestWait);
    }
}
