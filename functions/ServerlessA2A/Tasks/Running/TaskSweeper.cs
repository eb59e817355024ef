using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Finds the tasks that nobody works on and asks for their runs again: those whose request was never published, and those whose worker was
/// lost. Two that sweep at once ask for each only once. Also deletes expired tasks where the store needs it.
/// </summary>
public sealed class TaskSweeper(
    ITaskStore store, ITaskQueue queue, TimeProvider time, IOptions<TaskOptions> options, ILogger<TaskSweeper> logger, ITaskExpiry? expiry = null)
{
    /// <summary>How many tasks are listed at once.</summary>
    public const int PageSize = 100;

    /// <summary>How many pages one sweep goes through; what is left is the next one's.</summary>
    public const int MaxPages = 10;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Sweeps once, and answers how many runs were asked for.</summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; the rest is the next sweep's.</exception>
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
    /// First put off, then asked for: of two sweeps one asks, and a crash in between is mended when the time is over. A task that can't be
    /// read must not keep all others waiting.
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
    /// A task that waits long because all workers are busy is not asked for every minute: the older it is, the later it is looked at. Never
    /// at once, whatever another instance's clock says, or one sweep would ask for it on each page.
    /// </summary>
    private DateTimeOffset NextLook(UnattendedTask task)
    {
        var now = time.GetUtcMilliseconds();
        var age = now - task.StatusAt;
        return now + (age < ShortestWait ? ShortestWait : age < LongestWait ? age : LongestWait);
    }
}
