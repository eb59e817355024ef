using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Client.AspNetCore.Tests.Chaos;

/// <summary>A test's clock for code that waits: each wait is over at once, and the clock stands where it was.</summary>
internal sealed class StillTime(ManualTimeProvider clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, TimeSpan.Zero, period);
}
