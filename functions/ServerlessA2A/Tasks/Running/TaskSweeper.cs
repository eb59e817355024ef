using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Requests runs of unattended tasks: those whose run request was never published, and those whose worker was lost. Two concurrent sweeps
/// request each run once. Also deletes expired tasks, where the store needs it.
/// </summary>
public sealed class TaskSweeper(
    ITaskStore store, ITaskQueue queue, TimeProvider time, IOptions<TaskOptions> options, ILogger<TaskSweeper> logger,
    ITaskExpiry? expiry = null)
{
    /// <summary>The number of tasks on a page.</summary>
    public const int PageSize = 100;

    /// <summary>The number of pages per sweep; the next sweep continues.</summary>
    public const int MaxPages = 10;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Sweeps once and returns the number of requested runs.</summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; the next sweep continues.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var published = 0;
        for (var page = 0; page < MaxPages; page++)
        {
            var before = time.GetUtcMilliseconds() - options.Value.SweepDelay;
            var tasks = await store.ListUnattendedAsync(before, PageSize, cancellationToken);
            foreach (var task in tasks)
            {
                if (!await PostponeAsync(task, cancellationToken))
                    continue;
                await queue.PublishRunAsync(new RunRequest(task.TaskId), cancellationToken);
                TaskLogMessages.TaskSwept(logger, task.TaskId, task.Since);
                EngineMetrics.Swept("run", 1);
                published++;
            }

            if (tasks.Count < PageSize)
                break;
        }

        await DeleteExpiredAsync(cancellationToken);
        return published;
    }

    private async ValueTask DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        for (var page = 0; expiry is not null && page < MaxPages; page++)
        {
            if (await expiry.DeleteExpiredAsync(PageSize, cancellationToken) < PageSize)
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
