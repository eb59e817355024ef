using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tasks.Running;

/// <summary>Takes the leases of tasks that need a run, and fails tasks that cannot be run.</summary>
internal sealed class TaskLeases(
    TaskLogs logs, HostedAgents agents, TimeProvider time, IdSource newId, IOptions<TaskOptions> options, ILogger<TaskLeases> logger)
{
    /// <summary>
    /// How long revisions of a program may be mixed during a deployment: an older one may be sent tasks of an agent that it does not have.
    /// </summary>
    private static readonly TimeSpan RolloutTime = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Takes the lease of a task by appending to its log. If two workers append at once, one gets a conflict and rereads.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="mayRun">Whether a task of an owner may run now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The log, and the agent that is to run; null where the task needs no run, may not run now, or was failed. Without a lease, a task
    /// that was canceled after a checkpoint: its agent may have something to clean up.
    /// </returns>
    /// <exception cref="AgentException">The program lacks the agent during a deployment.</exception>
    public async Task<(TaskLog Log, HostedAgent Hosted, IAgent Agent)?> TakeAsync(
        string taskId, Func<string, bool> mayRun, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcMilliseconds();
            var log = await logs.FindAsync(taskId, cancellationToken);
            if (log is { Snapshot: { State: TaskState.Canceled, Checkpoint: not null } canceled } &&
                agents.Find(Caller.AgentOf(canceled.Owner)) is { } former)
                return (log, former, former.Agent);
            if (log is not { Snapshot: var task } || task.State.IsTerminalOrInterrupted())
            {
                ReportRunNotNeeded(taskId, log);
                return null;
            }

            if (task.Lease is { } held && held.IsAlive(now))
            {
                TaskLogMessages.RunInProgress(logger, taskId, held.Until);
                return null;
            }

            if (task.SleepUntil > now)
            {
                TaskLogMessages.RunNotNeeded(logger, taskId, "sleeping");
                return null;
            }

            if (!mayRun(task.Owner))
                return null;

            var name = Caller.AgentOf(task.Owner);
            if (agents.Find(name) is not { } hosted)
            {
                if (now - task.RequestedAt < RolloutTime)
                    throw new AgentException($"The program has no agent {name}; another revision of it may.") { IsTransient = true };
                var reason = $"The agent {name}, which the task was sent to, is no longer part of the program.";
                if (!await FailAsync(log, reason, cancellationToken))
                    continue;
                TaskLogMessages.AgentMissing(logger, taskId, name);
                return null;
            }

            if (task.Attempts >= options.Value.MaxAttempts)
            {
                if (!await FailAsync(log, $"The task was begun {task.Attempts} times without a result.", cancellationToken))
                    continue;
                TaskLogMessages.AttemptsUsedUp(logger, taskId, task.Attempts);
                return null;
            }

            if (Deadline.Of(task) is { } deadline && deadline <= now)
            {
                if (!await FailAsync(log, Deadline.Missed(deadline), cancellationToken))
                    continue;
                TaskLogMessages.DeadlineMissed(logger, taskId, deadline);
                return null;
            }

            var workLimit = options.Value.WorkLimit;
            if (now - task.RequestedAt > workLimit)
            {
                if (!await FailAsync(log, $"The task was not done within {workLimit} of its request.", cancellationToken))
                    continue;
                TaskLogMessages.WorkLimitPassed(logger, taskId, workLimit);
                return null;
            }

            // Before the lease: an agent whose constructor throws uses up no attempt of the task.
            var agent = hosted.Agent;
            // Not cancelled with the host: a lease that is taken unnoticed would keep the next delivery away until it expires.
            if (await log.AppendAsync(await BeginAsync(log, cancellationToken), CancellationToken.None) != AppendOutcome.Appended)
                continue;
            var lease = log.Snapshot.Lease!;
            EngineMetrics.RunBegun(lease.Attempt);
            if (task.Lease is not null)
                EngineMetrics.LeaseLost("expired");
            TaskLogMessages.RunStarted(logger, taskId, lease.RunId, lease.Attempt);
            return (log, hosted, agent);
        }
    }

    /// <summary>
    /// Fails a task whose request for a run was given up. A task in a terminal or interrupted state, or one that a live worker holds, is
    /// left alone: if that worker is lost too, the sweep requests another run.
    /// </summary>
    public async Task GiveUpAsync(string taskId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var log = await logs.FindAsync(taskId, cancellationToken);
            if (log?.Snapshot.NeedsRun(time.GetUtcNow()) != true)
            {
                ReportRunNotNeeded(taskId, log);
                return;
            }

            if (!await FailAsync(log, "The task could not be run: every attempt to begin it failed.", cancellationToken))
                continue;
            TaskLogMessages.RunGivenUp(logger, taskId);
            return;
        }
    }

    private void ReportRunNotNeeded(string taskId, TaskLog? log) =>
        TaskLogMessages.RunNotNeeded(logger, taskId, log is null ? "not found" : TaskStateNames.ToName(log.Snapshot.State));

    /// <summary>
    /// The entry that begins a run. A run that follows a lost one rolls back what that one added to artifacts since its last checkpoint.
    /// </summary>
    private async ValueTask<IReadOnlyList<TaskEvent>> BeginAsync(TaskLog log, CancellationToken cancellationToken)
    {
        var task = log.Snapshot;
        if (task.Lease is null)
            return [new RunStarted { Lease = NewLease(task), FromSubmitted = task.State == TaskState.Submitted }];
        var rollback = await ArtifactRollback.ReadAsync(log, cancellationToken);
        return rollback.With(NewLease(task));
    }

    private Lease NewLease(TaskSnapshot task) =>
        new(newId(), time.GetUtcMilliseconds() + options.Value.LeaseDuration, task.Attempts + 1);

    /// <summary>Fails a task; false when another writer came first.</summary>
    private async ValueTask<bool> FailAsync(TaskLog log, string reason, CancellationToken cancellationToken)
    {
        var failed = new StatusChanged { State = TaskState.Failed, Message = AgentMessages.Text(log.Snapshot, newId(), reason) };
        return await log.AppendAsync([failed], cancellationToken) == AppendOutcome.Appended;
    }
}
