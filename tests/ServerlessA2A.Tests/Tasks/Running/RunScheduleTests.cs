using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

public sealed class RunScheduleTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TaskOptions _options = new()
    {
        RunTimeLimit = TimeSpan.FromSeconds(100),
        HandOverMargin = TimeSpan.FromSeconds(20),
        StopGrace = TimeSpan.FromSeconds(5),
        LeaseDuration = TimeSpan.FromSeconds(30),
        GatherInterval = TimeSpan.FromSeconds(1),
    };

    private readonly RunSchedule _schedule;

    public RunScheduleTests() => _schedule = NewSchedule(_time);

    public void Dispose() => _schedule.Dispose();

    [Fact]
    public void TheLeaseIsRenewedAfterAThirdOfItsDuration()
    {
        Pass(9999);
        Assert.False(_schedule.IsRenewalDue);
        Pass(1);
        Assert.True(_schedule.IsRenewalDue);
        _schedule.Renewed(_schedule.Now);
        Assert.False(_schedule.IsRenewalDue);
        Pass(10000);
        Assert.True(_schedule.IsRenewalDue);
    }

    [Fact]
    public void ALeaseThatWasLongInComingIsRenewedThatMuchSooner()
    {
        var askedAt = _time.GetUtcNow();
        Pass(9999);
        using var schedule = new RunSchedule(_time, _options, askedAt + _options.LeaseDuration, deadline: null);
        Assert.False(schedule.IsRenewalDue);
        Pass(1);
        Assert.True(schedule.IsRenewalDue);
    }

    [Fact]
    public async Task ADeadlineEndsTheRunWhetherOrNotTheAgentIsReady()
    {
        var deadline = _time.GetUtcNow() + TimeSpan.FromSeconds(7);
        using var schedule = NewSchedule(_time, deadline);
        var waiting = schedule.WaitForNextAsync(isGathering: false, default);
        Pass(6999);
        Assert.False(schedule.IsOver(isAgentReady: false));
        Assert.Null(schedule.MissedDeadline);
        Assert.False(waiting.IsCompleted);
        Pass(1);
        Assert.True(schedule.IsOver(isAgentReady: true));
        Assert.Equal(deadline, schedule.MissedDeadline);
        await waiting.WithinLimit("the deadline wakes the run");
    }

    [Fact]
    public async Task WhatFallsDueWhileTheTimerIsSetIsNotSleptThrough()
    {
        using var schedule = NewSchedule(new SlowTimers(_time, _options.RunTimeLimit));

        await schedule.WaitForNextAsync(isGathering: false, default).WithinLimit("the run is woken");

        Assert.True(schedule.IsOver(isAgentReady: false));
    }

    [Fact]
    public void AFailedRenewalIsRetriedSoonAndAtTheLatestWhenTheLeaseExpires()
    {
        var until = _schedule.Now + TimeSpan.FromSeconds(14);
        Pass(10000);
        _schedule.RetryRenewal(_schedule.Now, until);
        Pass(2999);
        Assert.False(_schedule.IsRenewalDue);
        Pass(1);
        Assert.True(_schedule.IsRenewalDue);
        _schedule.RetryRenewal(_schedule.Now, until);
        Pass(1000);
        Assert.True(_schedule.IsRenewalDue);
    }

    [Fact]
    public void GatheredArtifactsAreDueAnIntervalAfterTheFirstChunk()
    {
        Pass(5000);
        _schedule.StartGathering();
        Pass(999);
        Assert.False(_schedule.IsFlushDue);
        Pass(1);
        Assert.True(_schedule.IsFlushDue);
    }

    [Fact]
    public void TheHandOverIsRequestedAMarginBeforeTheEnd()
    {
        Pass(79999);
        _schedule.RequestHandOver();
        Assert.False(_schedule.IsHandOverDue || _schedule.HandOverRequested.IsCancellationRequested);
        Pass(1);
        _schedule.RequestHandOver();
        Assert.True(_schedule.IsHandOverDue && _schedule.HandOverRequested.IsCancellationRequested);
    }

    [Fact]
    public void ARunThatIsReadyAtTheEndHasAGracePeriod()
    {
        Pass(99999);
        Assert.False(_schedule.IsOver(isAgentReady: false));
        Pass(1);
        Assert.True(_schedule.IsOver(isAgentReady: false));
        Assert.False(_schedule.IsOver(isAgentReady: true));
        Pass(5000);
        Assert.True(_schedule.IsOver(isAgentReady: true));
    }

    [Theory]
    [InlineData(false, 10_000)]
    [InlineData(true, 1000)]
    public async Task TheWaitEndsWithWhatIsDueFirst(bool isGathering, int milliseconds)
    {
        _schedule.StartGathering();
        var wait = _schedule.WaitForNextAsync(isGathering, CancellationToken.None);

        Pass(milliseconds - 1);
        Assert.False(wait.IsCompleted);
        Pass(1);
        await wait.WithinLimit("the wait ends");
    }

    [Fact]
    public async Task TheWaitLeavesOutAHandOverThatIsRequestedAlready()
    {
        Pass(80000);
        _schedule.Renewed(_schedule.Now);
        Assert.True(_schedule.WaitForNextAsync(isGathering: false, CancellationToken.None).IsCompleted);
        _schedule.RequestHandOver();
        var wait = _schedule.WaitForNextAsync(isGathering: false, CancellationToken.None);

        Pass(9999);
        Assert.False(wait.IsCompleted);
        Pass(1);
        await wait.WithinLimit("the lease is due");
    }

    private RunSchedule NewSchedule(TimeProvider time, DateTimeOffset? deadline = null) =>
        new(time, _options, _time.GetUtcNow() + _options.LeaseDuration, deadline);

    private void Pass(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>A clock that goes on by a certain time while a timer is set.</summary>
    private sealed class SlowTimers(ManualTimeProvider time, TimeSpan delay) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            time.Advance(delay);
            return time.CreateTimer(callback, state, dueTime, period);
        }
    }
}
