using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Tasks;

/// <summary>
/// Runs tasks: takes the lease, lets the agent work, and appends what it says. Delivery of requests is at least once and in any order, so
/// a request for a task that rests, or that a live worker holds, has no effect.
/// </summary>
public sealed class TaskRunner(
    ITaskStore store,
    ITaskQueue queue,
    IAgent agent,
    TimeProvider time,
    IdSource newId,
    IOptions<TaskOptions> options,
    ILogger<TaskRunner> logger)
{
    /// <summary>Runs a task until it rests, hands over, or is taken away by a cancel or another worker.</summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; the request is to be delivered again.</exception>
    /// <exception cref="OperationCanceledException">The host stops; the request is to be delivered again.</exception>
    public async Task RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (await TakeAsync(request.TaskId, cancellationToken) is not { } log)
            return;
        using var run = new TaskRun(log, store, queue, agent, time, newId, options.Value, logger);
        await run.ExecuteAsync(cancellationToken);
    }

    /// <summary>
    /// Ends a task as failed whose request for a run was given up, because every delivery of it failed. One that rests, or that a live
    /// worker holds, is left alone: if that worker is lost too, the sweep asks again.
    /// </summary>
    /// <exception cref="TaskStoreException">The store failed; the dead letter is to be delivered again.</exception>
    public async Task GiveUpAsync(RunRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var task = await store.ReadAsync(owner: null, request.TaskId, cancellationToken);
            if (task?.NeedsRun(time.GetUtcNow()) != true)
            {
                TaskLogMessages.NothingToRun(logger, request.TaskId, task is null ? "not there" : TaskStateNames.ToName(task.State));
                return;
            }

            var message = AgentMessages.Text(task, newId(), "The task could not be run: every attempt to begin it failed.");
            var log = new TaskLog(store, time, task);
            if (await log.AppendAsync([new StatusChanged { State = TaskState.Failed, Message = message }], cancellationToken) != AppendOutcome.Appended)
                continue;
            TaskLogMessages.RunGivenUp(logger, task.Id);
            return;
        }
    }

    /// <summary>Takes the lease with an entry of the log: of two workers that try at once, one gets a conflict and looks again.</summary>
    private async Task<TaskLog?> TakeAsync(string taskId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcMilliseconds();
            var task = await store.ReadAsync(owner: null, taskId, cancellationToken);
            if (task is null || task.State.IsResting())
            {
                TaskLogMessages.NothingToRun(logger, taskId, task is null ? "not there" : TaskStateNames.ToName(task.State));
                return null;
            }

            if (task.Lease is { } held && held.IsAlive(now))
            {
                TaskLogMessages.RunsElsewhere(logger, taskId, held.Until);
                return null;
            }

            var log = new TaskLog(store, time, task);
            var isUsedUp = task.Attempts >= options.Value.MaxAttempts;
            var lease = new Lease(newId(), now + options.Value.LeaseDuration, task.Attempts + 1);
            TaskEvent taken = isUsedUp
                ? new StatusChanged { State = TaskState.Failed, Message = AgentMessages.Text(task, newId(), $"The task was begun {task.Attempts} times without a result.") }
                : new RunStarted { Lease = lease, FromSubmitted = task.State == TaskState.Submitted };
            if (await log.AppendAsync([taken], cancellationToken) != AppendOutcome.Appended)
                continue;
            if (isUsedUp)
            {
                TaskLogMessages.AttemptsUsedUp(logger, taskId, task.Attempts);
                return null;
            }

            TaskLogMessages.RunBegun(logger, taskId, lease.RunId, lease.Attempt);
            return log;
        }
    }
}
