namespace ServerlessA2A.Tasks.Running;

/// <summary>What a run has to do by the clock, and when: append gathered artifacts, renew its lease, hand over, end.</summary>
internal sealed class RunSchedule : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TaskOptions _options;
    private readonly DateTimeOffset _end;
    private readonly DateTimeOffset? _deadline;
    private readonly DateTimeOffset _handOver;
    private readonly CancellationTokenSource _handOverRequested = new();
    private DateTimeOffset _renewal;
    private DateTimeOffset _flush;

    /// <summary>Starts the clock of a run that has just taken its lease.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="options">The limits of a run.</param>
    /// <param name="leaseUntil">
    /// The end of the lease, which counts from before the store was asked for it; that may have taken long.
    /// </param>
    /// <param name="deadline">The client's deadline; null for none.</param>
    public RunSchedule(TimeProvider time, TaskOptions options, DateTimeOffset leaseUntil, DateTimeOffset? deadline)
    {
        (_time, _options, _deadline) = (time, options, deadline);
        var now = time.GetUtcNow();
        _end = now + options.RunTimeLimit;
        _handOver = _end - options.HandOverMargin;
        Renewed(leaseUntil - options.LeaseDuration);
    }

    /// <summary>Cancelled when the run should save a checkpoint and continue in another invocation.</summary>
    public CancellationToken HandOverRequested => _handOverRequested.Token;

    /// <summary>How long the agent has from that request to the end of the run.</summary>
    public TimeSpan TimeToHandOver => _options.HandOverMargin;

    /// <summary>The time, in whole milliseconds as leases have it.</summary>
    public DateTimeOffset Now => _time.GetUtcMilliseconds();

    /// <summary>Whether the next checkpoint ends the run.</summary>
    public bool IsHandOverDue => _time.GetUtcNow() >= _handOver;

    /// <summary>Whether gathered artifacts are due to be appended, if there are any.</summary>
    public bool IsFlushDue => _time.GetUtcNow() >= _flush;

    /// <summary>Whether the lease is due to be renewed.</summary>
    public bool IsRenewalDue => _time.GetUtcNow() >= _renewal;

    /// <summary>The client's deadline, if it has passed; null otherwise.</summary>
    public DateTimeOffset? MissedDeadline => _time.GetUtcNow() >= _deadline ? _deadline : null;

    /// <summary>Whether the time of the run is over. An agent that is ready at that moment may still finish, for a while.</summary>
    public bool IsOver(bool isAgentReady) =>
        MissedDeadline is not null || _time.GetUtcNow() >= (isAgentReady ? _end + _options.StopGrace : _end);

    /// <summary>
    /// Asks the agent to hand over, once that is due. Does not wait: what the agent does about it must not delay the run.
    /// </summary>
    public void RequestHandOver()
    {
        if (IsHandOverDue && !_handOverRequested.IsCancellationRequested)
            _ = _handOverRequested.CancelAsync();
    }

    /// <summary>The first chunk is gathered: it is due to be appended an interval later.</summary>
    public void StartGathering() => _flush = _time.GetUtcNow() + _options.GatherInterval;

    /// <summary>The lease was renewed at this moment.</summary>
    public void Renewed(DateTimeOffset at) => _renewal = at + (_options.LeaseDuration / 3);

    /// <summary>The renewal failed at this moment: retry soon, and at the latest when the lease expires.</summary>
    public void RetryRenewal(DateTimeOffset at, DateTimeOffset leaseUntil)
    {
        var retry = at + (_options.LeaseDuration / 10);
        _renewal = retry < leaseUntil ? retry : leaseUntil;
    }

    /// <summary>Waits until something is due.</summary>
    /// <param name="isGathering">Whether artifacts are gathered and not appended yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForNextAsync(bool isGathering, CancellationToken cancellationToken)
    {
        var wait = Task.Delay(UntilNext(isGathering), _time, cancellationToken);
        // The clock may have gone on between the reading of it and the start of the timer, which would then fire that much too late.
        return UntilNext(isGathering) > TimeSpan.Zero ? wait : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _handOverRequested.Dispose();

    /// <summary>In whole milliseconds, rounded up: a shorter delay would be none, which makes a busy wait.</summary>
    private TimeSpan UntilNext(bool isGathering)
    {
        var due = _renewal < _end ? _renewal : _end;
        if (_deadline < due)
            due = _deadline.Value;
        if (!_handOverRequested.IsCancellationRequested && _handOver < due)
            due = _handOver;
        if (isGathering && _flush < due)
            due = _flush;
        var wait = due - _time.GetUtcNow();
        return wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : TimeSpan.Zero;
    }
}
