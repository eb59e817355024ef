using Microsoft.Extensions.Options;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Limits;

public sealed class RefusalPaceTests
{
    /// <summary>As many as wait at a time.</summary>
    private const int Places = 60;

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task WhoComesTooSoonWaitsItsTurn()
    {
        var pace = Pace(perSecond: 10);
        await pace.WaitAsync(default);
        var (second, third) = (pace.WaitAsync(default), pace.WaitAsync(default));

        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await second.WithinLimit("the second one's turn has come");
        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await third.WithinLimit("the third one's turn has come");
    }

    [Fact]
    public async Task WhoComesInGoodTimeDoesNotWait()
    {
        var pace = Pace(perSecond: 10);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(pace.WaitAsync(default).IsCompletedSuccessfully);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        // Nothing is saved up.
        await pace.WaitAsync(default);
        Assert.False(pace.WaitAsync(default).IsCompleted);
    }

    [Fact]
    public async Task NoMoreWaitThanThereArePlacesAndWhoGoesAwayLeavesItsOwn()
    {
        var pace = Pace(perSecond: 1);
        using var gone = new CancellationTokenSource();
        await pace.WaitAsync(default);
        var first = pace.WaitAsync(gone.Token);
        var others = Enumerable.Range(1, Places - 1).Select(_ => pace.WaitAsync(default)).ToList();
        Assert.All(others, waiting => Assert.False(waiting.IsCompleted));

        Assert.True(pace.WaitAsync(default).IsCompletedSuccessfully);
        await gone.CancelAsync();
        await first.WithinLimit("the wait has ended");
        Assert.False(pace.WaitAsync(default).IsCompleted);
    }

    /// <summary>A stranger may send requests and hang up, as fast as it likes.</summary>
    [Fact]
    public async Task HoweverManyHaveGoneAwayTheNextOneWaitsASecondAtMost()
    {
        var pace = Pace(perSecond: 10);
        await pace.WaitAsync(default);
        for (var i = 0; i < 1000; i++)
        {
            using var gone = new CancellationTokenSource();
            var waiting = pace.WaitAsync(gone.Token);
            await gone.CancelAsync();
            await waiting.WithinLimit("the wait has ended");
        }

        var next = pace.WaitAsync(default);
        _time.Advance(TimeSpan.FromSeconds(1));
        await next.WithinLimit("its turn has come");
    }

    [Fact]
    public void WithoutALimitNobodyWaits()
    {
        var pace = Pace(perSecond: 0);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(pace.WaitAsync(default).IsCompletedSuccessfully));
    }

    private RefusalPace Pace(double perSecond) => new(Options.Create(new LimitOptions { RefusalsPerSecond = perSecond }), _time);
}
