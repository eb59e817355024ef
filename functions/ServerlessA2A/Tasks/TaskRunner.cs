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
    AgentCards cards,
    INotifier notifier,
    AccessTokens accessTokens,
    TimeProvider time,
    IdSource newId,
    IOptions<TaskOptions> options,
    ILogger<TaskRunner> logger)
{
    /// <summary>Runs a task until it rests, hands over, or is taken away by a cancel or another worker.</summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; the request is to be delivered again.</exception>
    /// <exception cref="AgentException">The agent can't go on for now; the request is to be delivered again.</exception>
    /// <exception cref="OperationCanceledException">The host stops; the request is to be delivered again.</exception>
    public async Task RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (await TakeAsync(request.TaskId, cancellationToken) is not { } log)
            return;
        using var run = new TaskRun(
            log, request, accessTokens.Detach(request), store, queue, agent, cards.Replies, time, newId, options.Value, logger);
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

            if (!await FailAsync(task, "The task could not be run: every attempt to begin it failed.", cancellationToken))
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

            if (task.Attempts >= options.Value.MaxAttempts)
            {
                if (!await FailAsync(task, $"The task was begun {task.Attempts} times without a result.", cancellationToken))
                    continue;
                TaskLogMessages.AttemptsUsedUp(logger, taskId, task.Attempts);
                return null;
            }

            if (now - task.RequestedAt > options.Value.WorkLimit)
            {
                if (!await FailAsync(task, $"The task was not done within {options.Value.WorkLimit} of its request.", cancellationToken))
                    continue;
                TaskLogMessages.WorkLimitPassed(logger, taskId, options.Value.WorkLimit);
                return null;
            }

            var log = new TaskLog(store, notifier, time, task);
            // Not cancelled with the host: a lease that was taken and not known of would keep the next delivery away until it runs out.
            if (await log.AppendAsync(await BeginAsync(task, cancellationToken), CancellationToken.None) != AppendOutcome.Appended)
                continue;
            var lease = log.Snapshot.Lease!;
            TaskLogMessages.RunBegun(logger, taskId, lease.RunId, lease.Attempt);
            return log;
        }
    }

    /// <summary>What begins a run. One that follows a lost run takes back what that one said of artifacts after its last checkpoint.</summary>
    private async ValueTask<IReadOnlyList<TaskEvent>> BeginAsync(TaskSnapshot task, CancellationToken cancellationToken)
    {
        if (task.Lease is null)
            return [new RunStarted { Lease = NewLease(task), FromSubmitted = task.State == TaskState.Submitted }];
        var rollback = await ArtifactRollback.ReadAsync(store, task, cancellationToken);
        return rollback.With(NewLease(task));
    }

    private Lease NewLease(TaskSnapshot task) =>
        new(newId(), time.GetUtcMilliseconds() + options.Value.LeaseDuration, task.Attempts + 1);

    /// <summary>Ends a task as failed; false where it has gone on meanwhile.</summary>
    private async ValueTask<bool> FailAsync(TaskSnapshot task, string reason, CancellationToken cancellationToken)
    {
        var failed = new StatusChanged { State = TaskState.Failed, Message = AgentMessages.Text(task, newId(), reason) };
        return await new TaskLog(store, notifier, time, task).AppendAsync([failed], cancellationToken) == AppendOutcome.Appended;
    }
}
