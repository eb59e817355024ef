using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Runs tasks: takes the lease, lets the agent work, and appends what it says. Delivery of requests is at least once and in any order, so
/// a request for a task that rests, or that a live worker holds, has no effect.
/// </summary>
public sealed class TaskRunner
{
    /// <summary>How long revisions of a program may be mixed during a deployment: an older one may be sent tasks of an agent that it does not have.</summary>
    private static readonly TimeSpan RolloutTime = TimeSpan.FromMinutes(15);

    private readonly ITaskStore _store;
    private readonly ITaskQueue _queue;
    private readonly HostedAgents _agents;
    private readonly IWebhooks _webhooks;
    private readonly AccessTokens _accessTokens;
    private readonly TimeProvider _time;
    private readonly IdSource _newId;
    private readonly TaskOptions _options;
    private readonly ILogger _logger;

    internal TaskRunner(
        ITaskStore store, ITaskQueue queue, HostedAgents agents, IWebhooks webhooks, AccessTokens accessTokens,
        TimeProvider time, IdSource newId, IOptions<TaskOptions> options, ILogger<TaskRunner> logger)
    {
        (_store, _queue, _agents, _webhooks, _accessTokens) = (store, queue, agents, webhooks, accessTokens);
        (_time, _newId, _options, _logger) = (time, newId, options.Value, logger);
    }

    /// <summary>Runs a task until it rests, hands over, or is taken away by a cancel or another worker.</summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; the request is to be delivered again.</exception>
    /// <exception cref="AgentException">The agent can't go on for now; the request is to be delivered again.</exception>
    /// <exception cref="OperationCanceledException">The host stops; the request is to be delivered again.</exception>
    /// <remarks>An agent that cannot be made throws what its constructor throws, and no attempt is used up; the request is to be delivered again.</remarks>
    public async Task RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (await TakeAsync(request.TaskId, cancellationToken) is not var (log, hosted, agent))
            return;
        using var run = new TaskRun(
            log, request, _accessTokens.Detach(request), _store, _queue, hosted, agent, _time, _newId, _options, _logger);
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
            var task = await _store.ReadAsync(owner: null, request.TaskId, cancellationToken);
            if (task?.NeedsRun(_time.GetUtcNow()) != true)
            {
                TaskLogMessages.NothingToRun(_logger, request.TaskId, task is null ? "not there" : TaskStateNames.ToName(task.State));
                return;
            }

            if (!await FailAsync(task, "The task could not be run: every attempt to begin it failed.", cancellationToken))
                continue;
            TaskLogMessages.RunGivenUp(_logger, task.Id);
            return;
        }
    }

    /// <summary>Takes the lease with an entry of the log: of two workers that try at once, one gets a conflict and looks again.</summary>
    private async Task<(TaskLog Log, HostedAgent Hosted, IAgent Agent)?> TakeAsync(string taskId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = _time.GetUtcMilliseconds();
            var task = await _store.ReadAsync(owner: null, taskId, cancellationToken);
            if (task is null || task.State.IsResting())
            {
                TaskLogMessages.NothingToRun(_logger, taskId, task is null ? "not there" : TaskStateNames.ToName(task.State));
                return null;
            }

            if (task.Lease is { } held && held.IsAlive(now))
            {
                TaskLogMessages.RunsElsewhere(_logger, taskId, held.Until);
                return null;
            }

            var name = Caller.AgentOf(task.Owner);
            if (_agents.Find(name) is not { } hosted)
            {
                if (now - task.RequestedAt < RolloutTime)
                    throw new AgentException($"The program has no agent {name}; another revision of it may.") { IsTransient = true };
                if (!await FailAsync(task, $"The agent {name}, which the task was sent to, is no longer part of the program.", cancellationToken))
                    continue;
                TaskLogMessages.AgentMissing(_logger, taskId, name);
                return null;
            }

            if (task.Attempts >= _options.MaxAttempts)
            {
                if (!await FailAsync(task, $"The task was begun {task.Attempts} times without a result.", cancellationToken))
                    continue;
                TaskLogMessages.AttemptsUsedUp(_logger, taskId, task.Attempts);
                return null;
            }

            if (now - task.RequestedAt > _options.WorkLimit)
            {
                if (!await FailAsync(task, $"The task was not done within {_options.WorkLimit} of its request.", cancellationToken))
                    continue;
                TaskLogMessages.WorkLimitPassed(_logger, taskId, _options.WorkLimit);
                return null;
            }

            // Before the lease: an agent that cannot be made uses up no attempt of the task.
            var agent = hosted.Agent;
            var log = new TaskLog(_store, _webhooks, _time, task);
            // Not cancelled with the host: a lease that was taken and not known of would keep the next delivery away until it runs out.
            if (await log.AppendAsync(await BeginAsync(task, cancellationToken), CancellationToken.None) != AppendOutcome.Appended)
                continue;
            var lease = log.Snapshot.Lease!;
            TaskLogMessages.RunBegun(_logger, taskId, lease.RunId, lease.Attempt);
            return (log, hosted, agent);
        }
    }

    /// <summary>What begins a run. One that follows a lost run takes back what that one said of artifacts after its last checkpoint.</summary>
    private async ValueTask<IReadOnlyList<TaskEvent>> BeginAsync(TaskSnapshot task, CancellationToken cancellationToken)
    {
        if (task.Lease is null)
            return [new RunStarted { Lease = NewLease(task), FromSubmitted = task.State == TaskState.Submitted }];
        var rollback = await ArtifactRollback.ReadAsync(_store, task, cancellationToken);
        return rollback.With(NewLease(task));
    }

    private Lease NewLease(TaskSnapshot task) =>
        new(_newId(), _time.GetUtcMilliseconds() + _options.LeaseDuration, task.Attempts + 1);

    /// <summary>Ends a task as failed; false where it has gone on meanwhile.</summary>
    private async ValueTask<bool> FailAsync(TaskSnapshot task, string reason, CancellationToken cancellationToken)
    {
        var failed = new StatusChanged { State = TaskState.Failed, Message = AgentMessages.Text(task, _newId(), reason) };
        return await new TaskLog(_store, _webhooks, _time, task).AppendAsync([failed], cancellationToken) == AppendOutcome.Appended;
    }
}
