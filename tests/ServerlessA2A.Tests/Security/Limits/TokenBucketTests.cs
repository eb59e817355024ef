using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Limits;

public sealed class TokenBucketTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void SoManyMayBeTakenAtOnceAndThenOneForEachPartOfASecond()
    {
        var bucket = new TokenBucket(perSecond: 4, burst: 3, _time);

        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(bucket.Take()));
        Assert.Equal(TimeSpan.FromMilliseconds(250), bucket.Take());
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.NotNull(bucket.Take());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(bucket.Take());
        Assert.NotNull(bucket.Take());
    }

    [Fact]
    public void NoMoreThanTheBurstIsSavedUp()
    {
        var bucket = new TokenBucket(perSecond: 4, burst: 2, _time);
        Assert.Null(bucket.Take());
        Assert.False(bucket.IsFull);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.True(bucket.IsFull);
        Assert.Equal(2, Enumerable.Range(0, 5).Count(_ => bucket.Take() is null));
    }

    [Fact]
    public void WhoGetsOneIsToldHowManyGotNoneBefore()
    {
        var bucket = new TokenBucket(perSecond: 1, burst: 1, _time);
        bucket.Take(out var none);
        for (var i = 0; i < 3; i++)
            Assert.NotNull(bucket.Take(out _));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(bucket.Take(out var three));

        _time.Advance(TimeSpan.FromSeconds(1));
        bucket.Take(out var noneAgain);
        Assert.Equal((0, 3, 0), (none, three, noneAgain));
    }
}
