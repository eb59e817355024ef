using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// One run of the agent on one task, from the lease to the outcome. The agent's updates become entries of the log. A run that has lost its
/// task, to a cancel or to another worker, ends without effect.
/// </summary>
internal sealed class TaskRun(
    LeasedTask task, AgentRun agent, UpdateEvents events, RunSchedule schedule, RunWatch watch, TaskOptions options, ILogger logger)
    : IAsyncDisposable
{
    private ReadOnlyMemory<byte>? _checkpoint;
    private bool _renewalFailed;

    /// <summary>How the run ended, for telemetry.</summary>
    public string Ending { get; private set; } = "interrupted";

    /// <summary>The type of the exception that ended the run, for telemetry; null for none.</summary>
    public string? Error { get; private set; }

    /// <summary>Lets the agent work until it ends, sleeps, hands over, or loses the task. True when the task needs another run.</summary>
    public async Task<bool> ExecuteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await WorkAsync(cancellationToken);
            await task.EndAsync(outcome, cancellationToken);
            Report(outcome);
            return task.Snapshot.NeedsRun(schedule.Now);
        }
        catch (RunSupersededException)
        {
            TaskLogMessages.RunSuperseded(logger, task.Id, task.RunId);
            EngineMetrics.LeaseLost(Ending = "superseded");
            return false;
        }
        catch (Exception failure)
        {
            Error = failure.GetType().Name;
            // The host stops, or the store has failed: the next delivery need not wait until the lease expires.
            TaskLogMessages.RunInterrupted(logger, task.Id, task.RunId);
            await task.ReleaseLeaseAsync();
            throw;
        }
    }

    /// <summary>Stops the agent and the watch.</summary>
    public async ValueTask DisposeAsync()
    {
        task.Messages.End();
        if (!await agent.StopAsync())
            TaskLogMessages.AgentAbandoned(logger, task.Id, task.RunId);
        await watch.StopAsync();
    }

    /// <summary>Lets the agent work and appends its updates, up to the outcome, which is left to the caller.</summary>
    private async Task<RunOutcome> WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var moving = agent.MoveNextAsync();
                // The step stands first in this thread's own queue, what yields stands behind it: a quick step is done when we are back.
                if (!moving.IsCompleted)
                    await Task.Yield();
                if (!await WaitAsync(moving, cancellationToken))
                    return new RunOutcome(await EndLateAsync(cancellationToken));
                if (!await moving)
                    return events.Outcome(update: null, new StatusChanged { State = TaskState.Completed });
                var update = agent.Current;
                var translated = events.Translate(update);
                if (await AppendAsync(translated, cancellationToken))
                    continue;
                if (translated is CheckpointSaved checkpoint)
                    return new RunOutcome(checkpoint with { HandOver = true });
                var outcome = events.Outcome(update, translated);
                if (await YieldsMoreAsync())
                    throw new IllegalUpdateException("it yielded another update after its outcome");
                return outcome;
            }
        }
        catch (IllegalUpdateException broken)
        {
            TaskLogMessages.AgentIllegal(logger, task.Id, task.RunId, broken.Message);
            return new RunOutcome(events.Failed($"The agent broke the rules of the protocol: {broken.Message}."));
        }
        catch (AgentException passing) when (passing.IsTransient && task.Snapshot.Attempts < options.MaxAttempts)
        {
            // Redeliveries back off for longer and longer: that is the patience this needs.
            cancellationToken.ThrowIfCancellationRequested();
            TaskLogMessages.AgentUnavailable(logger, passing, task.Id, task.RunId);
            throw;
        }
        catch (Exception failure) when (failure is not (RunSupersededException or TaskStoreException))
        {
            // What an agent throws because its host stops is no failure of its own.
            cancellationToken.ThrowIfCancellationRequested();
            TaskLogMessages.AgentFailed(logger, failure, task.Id, task.RunId);
            return new RunOutcome(failure is AgentException { Message: var reason, Metadata: var metadata }
                ? events.Failed(reason, metadata)
                : events.Failed("The agent failed unexpectedly; its operator finds the cause in the log, under the task's id."));
        }
    }

    /// <summary>
    /// Gathers or appends an event that the agent continues after. False for an outcome, and for the checkpoint that hands over.
    /// </summary>
    private async ValueTask<bool> AppendAsync(TaskEvent translated, CancellationToken cancellationToken)
    {
        switch (translated)
        {
            case ArtifactUpdated chunk:
                if (!task.HasGathered)
                    schedule.StartGathering();
                task.Gather(chunk);
                if (task.GatheredSize >= options.GatherSize || options.GatherInterval == TimeSpan.Zero)
                    await task.FlushAsync(cancellationToken);
                return true;
            case StatusChanged { State: TaskState.Working }:
                await task.AppendAsync(translated, cancellationToken);
                return true;
            case CheckpointSaved { HandOver: true }:
                return false;
            case CheckpointSaved saved:
                _checkpoint = saved.Data;
                if (schedule.IsHandOverDue)
                    return false;
                await task.AppendAsync(saved, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Waits for the agent and does what is due meanwhile. That is done also where the agent is ready at once, because an agent that never
    /// pauses must not delay it. False when the time of the run is over first; an agent that is ready just then is still heard.
    /// </summary>
    private async Task<bool> WaitAsync(Task<bool> moving, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Before anything else: an agent that ends because its host stops has not completed its task.
            cancellationToken.ThrowIfCancellationRequested();
            if (watch.Take() is { } change)
                task.CatchUp(await change);
            if (schedule.IsOver(isAgentReady: moving.IsCompleted))
                return false;
            schedule.RequestHandOver();
            if (task.HasGathered && schedule.IsFlushDue)
                await task.FlushAsync(cancellationToken);
            if (schedule.IsRenewalDue)
                await RenewLeaseAsync(cancellationToken);
            if (moving.IsCompleted)
                return true;

            using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(moving, watch.NextAsync(task.Messages.Known), schedule.WaitForNextAsync(task.HasGathered, woken.Token));
            await woken.CancelAsync();
        }
    }

    private async Task<bool> YieldsMoreAsync()
    {
        try
        {
            return await agent.YieldsMoreAsync();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The outcome counts, whatever the agent's clean-up runs into.
            TaskLogMessages.AgentFailedAfterOutcome(logger, failure, task.Id, task.RunId);
            return false;
        }
    }

    /// <summary>Renews the lease. A transient fault of the store ends the run only when the lease has expired.</summary>
    private async Task RenewLeaseAsync(CancellationToken cancellationToken)
    {
        var (now, until) = (schedule.Now, task.Snapshot.Lease!.Until);
        try
        {
            await task.RenewLeaseAsync(now + options.LeaseDuration, cancellationToken);
            schedule.Renewed(now);
            _renewalFailed = false;
        }
        catch (TaskStoreException fault) when (fault.IsTransient && now < until)
        {
            if (!_renewalFailed)
                TaskLogMessages.RenewalFailed(logger, fault, task.Id, task.RunId);
            _renewalFailed = true;
            schedule.RetryRenewal(now, until);
        }
    }

    /// <summary>
    /// The time is over: the next run continues from the last checkpoint of this one. Without a checkpoint, or after the client's deadline,
    /// the task fails.
    /// </summary>
    private async ValueTask<TaskEvent> EndLateAsync(CancellationToken cancellationToken)
    {
        if (schedule.MissedDeadline is { } deadline)
        {
            TaskLogMessages.DeadlineMissed(logger, task.Id, deadline);
            return events.Failed(Deadline.Missed(deadline));
        }

        if (_checkpoint is { } checkpoint)
        {
            await task.RollBackAsync(cancellationToken);
            return new CheckpointSaved { Data = checkpoint, HandOver = true };
        }

        TaskLogMessages.AgentTimedOut(logger, task.Id, task.RunId);
        return events.Failed(
            $"The agent did not finish within its limit of {options.RunTimeLimit.TotalSeconds:0.###} s " +
            "and saved no checkpoint to continue from.");
    }

    private void Report(RunOutcome outcome)
    {
        if (task.Snapshot.State.IsTerminalOrInterrupted())
        {
            Ending = TaskStateNames.ToName(task.Snapshot.State);
            TaskLogMessages.RunEnded(logger, task.Id, task.RunId, Ending);
        }
        else if (task.Snapshot.SleepUntil is { } until)
        {
            Ending = "sleeping";
            TaskLogMessages.RunSleeps(logger, task.Id, task.RunId, until);
        }
        else if (outcome.Event is CheckpointSaved)
        {
            Ending = "handed_over";
            TaskLogMessages.RunHandedOver(logger, task.Id, task.RunId);
        }
        else
        {
            Ending = "message_pending";
            TaskLogMessages.RequestAdvanced(logger, task.Id, task.RunId);
        }
    }
}
