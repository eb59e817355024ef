using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// A task while a run holds its lease: appends what the run produces, and offers the agent the messages that clients add meanwhile.
/// </summary>
/// <remarks>
/// An append that conflicts with another writer's entry, or a watch that sees one, may mean that the run has lost the task. Members throw
/// <see cref="RunSupersededException"/> then.
/// </remarks>
internal sealed class LeasedTask(TaskLog log, OfferedMessages messages, TimeProvider time)
{
    /// <summary>A reply this close to the end of the client's wait is too late: the client may already have been sent the task.</summary>
    private static readonly TimeSpan ReplyMargin = TimeSpan.FromSeconds(1);

    private readonly GatheredArtifacts _gathered = new();
    private bool _isChanged;

    /// <summary>The task's id.</summary>
    public string Id => log.TaskId;

    /// <summary>The run that holds the lease.</summary>
    public string RunId { get; } = log.Snapshot.Lease!.RunId;

    /// <summary>The task, as far as the run has appended to it and read it.</summary>
    public TaskSnapshot Snapshot => log.Snapshot;

    /// <summary>The messages that the agent is offered.</summary>
    public OfferedMessages Messages => messages;

    /// <summary>The size of the artifacts that are gathered and not appended yet, in bytes.</summary>
    public long GatheredSize => _gathered.Size;

    /// <summary>Whether artifacts are gathered and not appended yet.</summary>
    public bool HasGathered => !_gathered.IsEmpty;

    /// <summary>Whether the client waits for an answer that may be a message, and was sent nothing of the task.</summary>
    public bool MayReply => log.Snapshot is { WebhookIds.Count: 0 } task && task.ReplyUntil > time.GetUtcNow() + ReplyMargin;

    /// <summary>Keeps a chunk for the next entry.</summary>
    public void Gather(ArtifactUpdated chunk) => _gathered.Add(chunk);

    /// <summary>Appends the gathered artifacts.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) =>
        HasGathered ? AppendAsync(_gathered.TakeWith(null), () => [], cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Appends the gathered artifacts and an event as one entry.</summary>
    public ValueTask AppendAsync(TaskEvent next, CancellationToken cancellationToken) =>
        AppendAsync(_gathered.TakeWith(next), () => [], cancellationToken);

    /// <summary>Appends the gathered artifacts and the outcome of the run as one entry.</summary>
    public ValueTask EndAsync(RunOutcome outcome, CancellationToken cancellationToken) =>
        AppendAsync(_gathered.TakeWith(null), () => outcome.EventsFor(log.Snapshot, MayReply, _isChanged), cancellationToken);

    /// <summary>Continues from a change that another writer made.</summary>
    /// <param name="changed">The task after the change; null when the lease is lost.</param>
    public void CatchUp(TaskSnapshot? changed) => OfferMessages(changed is not null && log.CatchUp(changed));

    /// <summary>Renews the lease.</summary>
    public async ValueTask RenewLeaseAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (!await log.RenewLeaseAsync(until, cancellationToken))
            throw new RunSupersededException();
    }

    /// <summary>Gives up the lease, so that the next delivery need not wait until it expires.</summary>
    public async ValueTask ReleaseLeaseAsync()
    {
        try
        {
            await log.RenewLeaseAsync(time.GetUtcMilliseconds(), CancellationToken.None);
        }
        catch (TaskStoreException)
        {
            // The lease expires by itself; the fault that ended the run is the one to report.
        }
    }

    /// <summary>
    /// Drops what the run added to artifacts since its last checkpoint, because the next run, which starts there, adds it again.
    /// </summary>
    public async ValueTask RollBackAsync(CancellationToken cancellationToken)
    {
        _gathered.TakeWith(null);
        var rollback = await ArtifactRollback.ReadAsync(log, cancellationToken);
        if (!rollback.IsEmpty)
            await AppendAsync(rollback.With(log.Snapshot.Lease!), () => [], cancellationToken);
    }

    /// <summary>
    /// Appends events, and those that follow from the task's state, as one entry. When clients have added messages meanwhile, the agent is
    /// offered them and the append is repeated.
    /// </summary>
    private async ValueTask AppendAsync(
        IReadOnlyList<TaskEvent> events, Func<IReadOnlyList<TaskEvent>> following, CancellationToken cancellationToken)
    {
        AppendOutcome outcome;
        while ((outcome = await log.AppendAsync([.. events, .. following()], cancellationToken)) != AppendOutcome.Appended)
            OfferMessages(outcome == AppendOutcome.Conflict && await log.CatchUpAsync(cancellationToken));
    }

    private void OfferMessages(bool isHeld)
    {
        if (!isHeld)
            throw new RunSupersededException();
        _isChanged = true;
        messages.Offer(log.Snapshot);
    }
}
