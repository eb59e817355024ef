using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests;

public class CallLimitTests
{
    private readonly CallLimit _limit = new();

    [Fact]
    public async Task CallersBeyondTheBoundWaitInTheirOrder()
    {
        var rounds = Begin(CallLimit.Initial);
        Assert.Null(_limit.TryBegin());
        var (first, second) = (_limit.BeginAsync(default), _limit.BeginAsync(default));

        _limit.End(rounds[0], isSlow: true);
        Assert.False(first.IsCompleted);
        // The bound has shrunk by a quarter: as many calls have to end before another one may begin.
        for (var i = 1; i < CallLimit.Initial / 4; i++)
            _limit.End(rounds[i], isSlow: false);
        Assert.False(first.IsCompleted);
        _limit.End(rounds[5], isSlow: false);
        await first.WithinLimit("the first one begins");
        Assert.False(second.IsCompleted);
        _limit.End(rounds[6], isSlow: false);
        await second.WithinLimit("the second one begins");
    }

    [Fact]
    public void SlowCallsThatWereMadeTogetherCountOnce()
    {
        var rounds = Begin(CallLimit.Initial);
        rounds.ForEach(round => _limit.End(round, isSlow: true));
        Assert.Equal(15, _limit.Bound);

        _limit.End(_limit.TryBegin()!.Value, isSlow: true);
        Assert.Equal(11, _limit.Bound);
        for (var i = 0; i < 10; i++)
            _limit.End(_limit.TryBegin()!.Value, isSlow: true);
        Assert.Equal(CallLimit.Least, _limit.Bound);
    }

    [Fact]
    public void FreeTurnsShrinkWithTheBound()
    {
        _limit.End(_limit.TryBegin()!.Value, isSlow: true);
        Begin(_limit.Bound);
        Assert.Null(_limit.TryBegin());
    }

    [Fact]
    public void TheBoundGrowsByOneInARoundOfQuickCallsThatUsesIt()
    {
        Begin(CallLimit.Initial).ForEach(round => _limit.End(round, isSlow: false));
        Assert.Equal(CallLimit.Initial, _limit.Bound);
        for (var i = 0; i < 5; i++)
            Begin(_limit.Bound).ForEach(round => _limit.End(round, isSlow: false));
        Assert.InRange(_limit.Bound, CallLimit.Initial + 2, CallLimit.Initial + 5);

        for (var i = 0; i < 1000; i++)
            Begin(_limit.Bound).ForEach(round => _limit.End(round, isSlow: false));
        Assert.Equal(CallLimit.Most, _limit.Bound);
    }

    [Fact]
    public void CallsThatUseLittleOfTheBoundDoNotGrowIt()
    {
        for (var i = 0; i < 10_000; i++)
            Begin(CallLimit.Initial / 2).ForEach(round => _limit.End(round, isSlow: false));
        Assert.Equal(CallLimit.Initial, _limit.Bound);
    }

    /// <summary>Whatever begins, ends and goes away: there are never more calls than were ever allowed, and no turn is lost.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task NoTurnIsLost(int seed)
    {
        var random = new Random(seed);
        var calls = new List<Task<int>>();
        var gone = new List<CancellationTokenSource>();
        for (var step = 0; step < 3_000; step++)
        {
            switch (random.Next(5))
            {
                case < 3:
                    gone.Add(new CancellationTokenSource());
                    calls.Add(_limit.BeginAsync(gone[^1].Token));
                    break;
                case 3 when calls.Count > 0:
                    var waiting = random.Next(calls.Count);
                    await gone[waiting].CancelAsync();
                    break;
            }

            while (calls.Count(call => call.IsCompletedSuccessfully) is > 0 and var running && random.Next(3) == 0)
            {
                Assert.InRange(running, 1, CallLimit.Most);
                var ended = calls.FindIndex(call => call.IsCompletedSuccessfully);
                _limit.End(await calls[ended], isSlow: random.Next(200) == 0);
                Remove(ended);
            }
        }

        while (calls.Count > 0)
        {
            var ended = await Task.WhenAny(calls).WithinLimit("a call begins");
            if (!ended.IsCanceled)
                _limit.End(await ended, isSlow: false);
            Remove(calls.IndexOf(ended));
        }

        Begin(_limit.Bound);
        Assert.Null(_limit.TryBegin());

        void Remove(int index)
        {
            gone[index].Dispose();
            gone.RemoveAt(index);
            calls.RemoveAt(index);
        }
    }

    private List<int> Begin(int calls) => [.. Enumerable.Range(0, calls).Select(_ => _limit.TryBegin()!.Value)];
}
