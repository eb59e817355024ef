using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// One run of the agent on one task, from the lease to the last word. The agent's updates become entries of the log; an append that
/// meets somebody else's entry, or a watch that sees one, means that the task has gone on without this run (a cancel, another worker),
/// which then ends without effect.
/// </summary>
internal sealed class TaskRun : IDisposable
{
    /// <summary>A reply this close to the end of the client's wait is too late: the client may be sent the task already.</summary>
    private static readonly TimeSpan ReplyMargin = TimeSpan.FromSeconds(1);

    private readonly TaskLog _log;
    private readonly ITaskStore _store;
    private readonly ITaskQueue _queue;
    private readonly RunRequest _request;
    private readonly string? _accessToken;
    private readonly IAgent _agent;
    private readonly HostedAgent _hosted;
    private readonly TimeProvider _time;
    private readonly TaskOptions _options;
    private readonly ILogger _logger;

    private readonly string _runId;
    private readonly UpdateEvents _events;
    private readonly ArtifactRules _rules;
    private readonly ArtifactSizes _sizes;
    private readonly GatheredArtifacts _gathered = new();
    private readonly DateTimeOffset _handOverAt;
    private readonly DateTimeOffset _timeIsOver;
    private readonly CancellationTokenSource _handOver = new();
    private readonly RunWatch _watch;
    private readonly OfferedMessages _messages;
    private bool _renewalFailed;
    private DateTimeOffset _renewAt;
    private DateTimeOffset _flushAt;
    private ReadOnlyMemory<byte>? _checkpoint;

    public TaskRun(
        TaskLog log, RunRequest request, string? accessToken, ITaskStore store, ITaskQueue queue, HostedAgent hosted, IAgent agent,
        TimeProvider time, IdSource newId, TaskOptions options, ILogger logger)
    {
        (_request, _accessToken, _hosted) = (request, accessToken, hosted);
        (_log, _store, _queue, _agent, _time, _options, _logger) = (log, store, queue, agent, time, options, logger);
        _runId = log.Snapshot.Lease!.RunId;
        _events = new UpdateEvents(log, newId);
        _messages = new OfferedMessages(log.Snapshot);
        _watch = new RunWatch(store, log.TaskId, _runId, time, logger);
        _rules = new ArtifactRules(log.Snapshot.Task.Artifacts);
        _sizes = new ArtifactSizes(log.Snapshot.Task.Artifacts);
        var now = time.GetUtcNow();
        _timeIsOver = now + options.RunTimeLimit;
        _handOverAt = _timeIsOver - options.HandOverMargin;
        _renewAt = now + (options.LeaseDuration / 3);
    }

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var agent = new AgentRun(_agent, ToAgentContext(), _time, stop, _options.StopGrace);
        var isOver = false;
        try
        {
            var lastWord = await WorkAsync(agent, cancellationToken);
            await AppendAsync(_gathered.TakeWith(null), () => lastWord.EventsFor(_log.Snapshot, MayReply()), cancellationToken);
            isOver = true;
            await EndAsync(lastWord, cancellationToken);
        }
        catch (TaskWentOnException)
        {
            isOver = true;
            TaskLogMessages.RunSuperseded(_logger, _log.TaskId, _runId);
        }
        finally
        {
            // Interrupted by the host or by a fault of the store: the next delivery need not wait for the lease to run out.
            if (!isOver)
                await ReleaseAsync();
            _messages.End();
            if (!await agent.StopAsync())
                TaskLogMessages.AgentLeftBehind(_logger, _log.TaskId, _runId);
            await _watch.StopAsync();
        }
    }

    public void Dispose()
    {
        _handOver.Dispose();
        _watch.Dispose();
    }

    /// <summary>Lets the agent work and appends what it says, up to the last word, which is the caller's to append.</summary>
    private async Task<LastWord> WorkAsync(AgentRun agent, CancellationToken cancellationToken)
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
                    return new LastWord(await AgentIsLateAsync(cancellationToken));
                if (!await moving)
                    return Completed(new StatusChanged { State = TaskState.Completed }, checkpoint: null);
                var update = agent.Current;
                if (await HandleAsync(update, cancellationToken) is not { } said)
                    continue;
                var lastWord = update switch
                {
                    CompleteUpdate completed => Completed(said, completed.GoOnFrom),
                    ReplyUpdate => Completed(said, checkpoint: null),
                    _ => new LastWord(said),
                };
                if (said is not CheckpointSaved && await SaysMoreAsync(agent))
                    throw new IllegalUpdateException("it went on after its last word");
                return lastWord;
            }
        }
        catch (IllegalUpdateException broken)
        {
            TaskLogMessages.AgentIllegal(_logger, _log.TaskId, _runId, broken.Message);
            return new LastWord(_events.Failed($"The agent broke the rules of the protocol: {broken.Message}."));
        }
        catch (AgentException passing) when (passing.IsTransient && _log.Snapshot.Attempts < _options.MaxAttempts)
        {
            // Whoever delivers requests for runs waits longer and longer between them: that is the patience this needs.
            cancellationToken.ThrowIfCancellationRequested();
            TaskLogMessages.AgentUnavailable(_logger, passing, _log.TaskId, _runId);
            throw;
        }
        catch (Exception failure) when (failure is not (TaskWentOnException or TaskStoreException))
        {
            // What an agent throws because its host stops is no failure of its own.
            cancellationToken.ThrowIfCancellationRequested();
            TaskLogMessages.AgentFailed(_logger, failure, _log.TaskId, _runId);
            return new LastWord(failure is AgentException told
                ? _events.Failed(told.Message, told.Metadata)
                : _events.Failed("The agent failed unexpectedly; its operator finds the cause in the log, under the task's id."));
        }
    }

    /// <summary>Appends what an update says; a last word is handed back.</summary>
    private async ValueTask<TaskEvent?> HandleAsync(AgentUpdate? update, CancellationToken cancellationToken)
    {
        switch (update)
        {
            case ArtifactUpdate artifact:
                var chunk = _rules.Accept(artifact);
                _sizes.Add(chunk);
                if (_sizes.Total > _options.MaxArtifactSize)
                    throw new AgentException($"The task's artifacts are larger than {_options.MaxArtifactSize} bytes, the limit set by A2A:Tasks:MaxArtifactSize (A2A__Tasks__MaxArtifactSize).");
                if (_gathered.IsEmpty)
                    _flushAt = _time.GetUtcNow() + _options.GatherInterval;
                _gathered.Add(new ArtifactUpdated { Artifact = AgentContent.Copy(chunk.Content), Append = chunk.Append, LastChunk = chunk.LastChunk });
                if (_gathered.Size >= _options.GatherSize || _options.GatherInterval == TimeSpan.Zero)
                    await AppendAsync(null, cancellationToken);
                return null;
            case ReportUpdate progress:
                await AppendAsync(_events.Status(TaskState.Working, progress.Parts), cancellationToken);
                return null;
            case SaveCheckpointUpdate checkpoint:
                var data = checkpoint.Data.ToArray();
                _checkpoint = data;
                var saved = new CheckpointSaved { Data = data, Taken = _messages.CountTaken() };
                if (_time.GetUtcNow() >= _handOverAt)
                    return saved with { HandOver = true };
                await AppendAsync(saved, cancellationToken);
                return null;
            case AskUpdate question:
                return _events.Interruption(TaskState.InputRequired, question.Parts, question.Metadata) with { Taken = _messages.CountTaken() };
            case RequireAuthorizationUpdate need:
                return _events.Interruption(TaskState.AuthRequired, need.Parts, need.Metadata) with { Taken = _messages.CountTaken() };
            case CompleteUpdate completed:
                return _events.Completion(completed);
            case ReplyUpdate reply:
                UpdateEvents.Require(_hosted.Cards.Replies ? null : $"it replied with a message, and is not registered as replying ({_hosted.Cards.Section}:Replies)");
                return _events.Reply(reply, _gathered.IsEmpty && MayReply());
            case FailUpdate failed:
                return _events.Failure(TaskState.Failed, failed.Reason, failed.Metadata);
            case RejectUpdate rejected:
                return _events.Failure(TaskState.Rejected, rejected.Reason, rejected.Metadata);
            default:
                throw new IllegalUpdateException("it said nothing where an update was due");
        }
    }

    /// <summary>
    /// Waits for the agent, and does what is due meanwhile: appends what was gathered, renews the lease, asks for the hand-over. That is
    /// done also where the agent need not be waited for: one that never pauses must not hold it up. False when the run's time is over
    /// first; an agent that ends just then is heard.
    /// </summary>
    private async Task<bool> WaitAsync(Task<bool> moving, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Before anything is heard: an agent that ends because its host stops has not done its task.
            cancellationToken.ThrowIfCancellationRequested();
            if (_watch.Take() is { } change)
                Hear(await change is { } changed && _log.CatchUp(changed));

            var now = _time.GetUtcNow();
            if (now >= (moving.IsCompleted ? _timeIsOver + _options.StopGrace : _timeIsOver))
                return false;
            // Not awaited: what the agent does about it must not hold up the run.
            if (now >= _handOverAt && !_handOver.IsCancellationRequested)
                _ = _handOver.CancelAsync();
            if (!_gathered.IsEmpty && now >= _flushAt)
                await AppendAsync(null, cancellationToken);
            if (now >= _renewAt)
                await RenewAsync(cancellationToken);
            if (moving.IsCompleted)
                return true;

            using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(moving, _watch.NextAsync(_messages.Known), Task.Delay(UntilNextDue(), _time, woken.Token));
            await woken.CancelAsync();
        }
    }

    /// <summary>Asked anew: what was done since the last look has taken time. Whole milliseconds, since a delay of less is none: that would be a busy wait.</summary>
    private TimeSpan UntilNextDue()
    {
        var due = _renewAt < _timeIsOver ? _renewAt : _timeIsOver;
        if (!_handOver.IsCancellationRequested && _handOverAt < due)
            due = _handOverAt;
        if (!_gathered.IsEmpty && _flushAt < due)
            due = _flushAt;
        var wait = due - _time.GetUtcNow();
        return wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : TimeSpan.Zero;
    }

    private async Task<bool> SaysMoreAsync(AgentRun agent)
    {
        try
        {
            return await agent.SaysMoreAsync();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // What the agent has said stands, whatever its clean-up runs into.
            TaskLogMessages.AgentFailedAfterEnd(_logger, failure, _log.TaskId, _runId);
            return false;
        }
    }

    /// <summary>Appends what was gathered and what follows it as one entry.</summary>
    private async ValueTask AppendAsync(TaskEvent? next, CancellationToken cancellationToken)
    {
        if (next is not null || !_gathered.IsEmpty)
            await AppendAsync(_gathered.TakeWith(next), () => [], cancellationToken);
    }

    /// <summary>
    /// Appends events, and those that follow from the task's state, as one entry. When messages were added to the task meanwhile, the run
    /// hears of them and appends again.
    /// </summary>
    private async ValueTask AppendAsync(
        IReadOnlyList<TaskEvent> events, Func<IReadOnlyList<TaskEvent>> following, CancellationToken cancellationToken)
    {
        AppendOutcome outcome;
        while ((outcome = await _log.AppendAsync([.. events, .. following()], cancellationToken)) != AppendOutcome.Appended)
            Hear(outcome == AppendOutcome.Conflict && await _log.CatchUpAsync(cancellationToken));
    }

    /// <summary>Offers the agent what was added to the task, unless the run has lost it.</summary>
    private void Hear(bool isHeld)
    {
        if (!isHeld)
            throw new TaskWentOnException();
        _messages.Offer(_log.Snapshot);
    }

    /// <summary>Renews the lease. A passing fault of the store ends the run only when the lease has run out.</summary>
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcMilliseconds();
        var until = _log.Snapshot.Lease!.Until;
        try
        {
            if (!await _log.RenewLeaseAsync(now + _options.LeaseDuration, cancellationToken))
                throw new TaskWentOnException();
            _renewAt = now + (_options.LeaseDuration / 3);
            _renewalFailed = false;
        }
        catch (TaskStoreException fault) when (fault.IsTransient && now < until)
        {
            if (!_renewalFailed)
                TaskLogMessages.RenewalFailed(_logger, fault, _log.TaskId, _runId);
            _renewalFailed = true;
            var again = now + (_options.LeaseDuration / 10);
            _renewAt = again < until ? again : until;
        }
    }

    /// <summary>Asks for another run where this one has not ended the task.</summary>
    private async Task EndAsync(LastWord lastWord, CancellationToken cancellationToken)
    {
        if (_log.Snapshot.State.IsResting())
            TaskLogMessages.RunEnded(_logger, _log.TaskId, _runId, TaskStateNames.ToName(_log.Snapshot.State));
        else if (lastWord.Event is CheckpointSaved)
            TaskLogMessages.RunHandsOver(_logger, _log.TaskId, _runId);
        else
            TaskLogMessages.RequestAdvanced(_logger, _log.TaskId, _runId);
        if (!_log.Snapshot.State.IsResting())
            await _queue.PublishRunAsync(_request, cancellationToken);
    }

    private async Task ReleaseAsync()
    {
        TaskLogMessages.RunInterrupted(_logger, _log.TaskId, _runId);
        try
        {
            await _log.RenewLeaseAsync(_time.GetUtcMilliseconds(), CancellationToken.None);
        }
        catch (TaskStoreException)
        {
            // Then it runs out by itself; the fault that led here is the one to tell.
        }
    }

    /// <summary>The time is over: the next run goes on from the last checkpoint of this one; without one there is nothing to go on from.</summary>
    private async ValueTask<TaskEvent> AgentIsLateAsync(CancellationToken cancellationToken)
    {
        if (_checkpoint is { } checkpoint)
        {
            await TakeBackAsync(cancellationToken);
            return new CheckpointSaved { Data = checkpoint, HandOver = true };
        }

        TaskLogMessages.AgentTimedOut(_logger, _log.TaskId, _runId);
        return _events.Failed($"The agent did not end within its limit of {_options.RunTimeLimit.TotalSeconds:0.###} s and left no checkpoint to go on from.");
    }

    /// <summary>What was said of artifacts since the last checkpoint is said again by the next run: this one takes itself over.</summary>
    private async Task TakeBackAsync(CancellationToken cancellationToken)
    {
        _gathered.TakeWith(null);
        var rollback = await ArtifactRollback.ReadAsync(_store, _log.Snapshot, cancellationToken);
        if (!rollback.IsEmpty)
            await AppendAsync(rollback.With(_log.Snapshot.Lease!), () => [], cancellationToken);
    }

    /// <summary>Whether the client waits for an answer that may be a message, and was sent nothing of the task.</summary>
    private bool MayReply() => _log.Snapshot is { WebhookIds.Count: 0 } task && task.ReplyUntil > _time.GetUtcNow() + ReplyMargin;

    /// <summary>The agent has done its work, as far as it has been told of it.</summary>
    private LastWord Completed(TaskEvent said, ReadOnlyMemory<byte>? checkpoint) =>
        new(said, new RequestAdvanced { Taken = _messages.CountTaken(), Checkpoint = checkpoint?.ToArray() });

    private AgentContext ToAgentContext()
    {
        var task = _log.Snapshot;
        return new AgentContext
        {
            AgentName = _hosted.Name,
            TaskId = task.Id,
            ContextId = task.Task.ContextId!,
            Message = task.Request,
            History = task.HistoryOfRun,
            NewMessages = _messages,
            Artifacts = task.Task.Artifacts ?? [],
            AcceptedOutputModes = task.AcceptedOutputModes ?? [],
            RequestMetadata = task.RequestMetadata,
            Caller = CallerOf(task),
            Extensions = task.Extensions,
            AccessToken = _accessToken,
            Checkpoint = task.Checkpoint,
            Attempt = task.Attempts,
            HandOverRequested = _handOver.Token,
            TimeToHandOver = _options.HandOverMargin,
            EarlierTasks = (count, cancellationToken) => Running.EarlierTasks.ReadAsync(_store, task, count, cancellationToken),
        };
    }

    private static AgentCaller CallerOf(TaskSnapshot task)
    {
        var owner = Caller.Read(task.Owner);
        return new AgentCaller
        {
            Id = owner.Name,
            Tenant = owner.Tenant,
            Name = Identity.NameIn(owner.Name),
            Scheme = task.Sender?.Scheme,
            Claims = task.Sender?.Claims,
        };
    }

    /// <summary>Another hand has written to the log: a cancel, the client, or another worker.</summary>
    private sealed class TaskWentOnException : Exception;
}
