using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class GeminiTriesTests
{
    private static readonly RpcException Busy = new(new Status(StatusCode.Unavailable, "Busy."));

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task EachDelayIsTwiceTheLastUpToHalfAMinute()
    {
        var tries = Tries(maxTries: 9, random: 1);

        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], await DelaysAsync(tries, 8));
    }

    [Fact]
    public async Task ChanceTakesOffUpToHalfOfADelay()
    {
        Assert.Equal([0.5, 1, 2, 4, 8, 15, 15], await DelaysAsync(Tries(maxTries: 8, random: 0), 7));
        Assert.Equal([0.75, 1.5, 3], await DelaysAsync(Tries(maxTries: 8, random: 0.5), 3));
    }

    [Fact]
    public async Task ManyTriesAreNoTrouble()
    {
        var delays = await DelaysAsync(Tries(maxTries: 2_000, random: 1), 1_999);

        Assert.All(delays.Skip(5), delay => Assert.Equal(30, delay));
    }

    [Fact]
    public async Task TheTriesAreUsedUp()
    {
        var tries = Tries(maxTries: 3, random: 1);
        await DelaysAsync(tries, 2);

        var failure = await Assert.ThrowsAsync<GeminiException>(() => tries.WaitAsync(Busy, CancellationToken.None));

        Assert.True(failure.IsTransient);
        Assert.Same(Busy, failure.InnerException);
        Assert.Equal(0, _time.RunningTimers);
    }

    [Fact]
    public async Task WhoMayTryOnceDoesNotWait() =>
        await Assert.ThrowsAsync<GeminiException>(() => Tries(maxTries: 1, random: 0).WaitAsync(Busy, CancellationToken.None));

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.NotFound)]
    public async Task WhatDoesNotPassIsNotTriedAgain(StatusCode code)
    {
        var failure = await Assert.ThrowsAsync<GeminiException>(
            () => Tries(maxTries: 9, random: 0).WaitAsync(new RpcException(new Status(code, "No.")), CancellationToken.None));

        Assert.False(failure.IsTransient);
        Assert.Equal(code, failure.StatusCode);
    }

    [Fact]
    public async Task WhatTheServiceAsksForIsWaitedFor()
    {
        var tries = Tries(maxTries: 9, random: 0.25);

        Assert.Equal(20.25, await DelayAsync(tries, Asking(20)));
        Assert.Equal(45.25, await DelayAsync(tries, Asking(45)));
    }

    [Fact]
    public async Task WhatTheServiceAsksForIsNoReasonToComeEarlier()
    {
        var tries = Tries(maxTries: 9, random: 1);
        await DelaysAsync(tries, 3);

        Assert.Equal(8, await DelayAsync(tries, Asking(2)));
        Assert.Equal(16, await DelayAsync(tries, Asking(-5)));
    }

    [Fact]
    public async Task AWaitThatEndsTooLateIsNotBegun()
    {
        var tries = Tries(maxTries: 9, random: 1, limit: TimeSpan.FromSeconds(10));
        Assert.Equal([1, 2, 4], await DelaysAsync(tries, 3));

        await Assert.ThrowsAsync<GeminiException>(() => tries.WaitAsync(Busy, CancellationToken.None));

        Assert.Equal(0, _time.RunningTimers);
    }

    [Fact]
    public async Task AWaitMayEndAtTheLastMoment()
    {
        var tries = Tries(maxTries: 9, random: 1, limit: TimeSpan.FromSeconds(7));

        Assert.Equal([1, 2, 4], await DelaysAsync(tries, 3));
    }

    [Fact]
    public async Task WhatTheServiceAsksForBeyondTheLimitIsNotWaitedFor()
    {
        var tries = Tries(maxTries: 9, random: 0, limit: TimeSpan.FromMinutes(2));

        var failure = await Assert.ThrowsAsync<GeminiException>(() => tries.WaitAsync(Asking(121), CancellationToken.None));

        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task TheLimitBeginsWithTheFirstFailureHoweverLongTheCallWasSilent()
    {
        var tries = Tries(maxTries: 9, random: 0, limit: TimeSpan.FromMinutes(2));
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(0.5, await DelayAsync(tries, Busy));
        _time.Advance(TimeSpan.FromMinutes(2));

        await Assert.ThrowsAsync<GeminiException>(() => tries.WaitAsync(Busy, CancellationToken.None));
    }

    [Fact]
    public async Task AfterProgressAFailureIsOneOfItsOwn()
    {
        var tries = Tries(maxTries: 4, random: 1, limit: TimeSpan.FromSeconds(10));
        Assert.Equal([1, 2], await DelaysAsync(tries, 2));
        _time.Advance(TimeSpan.FromMinutes(30));
        tries.MadeProgress();

        Assert.Equal([1, 2, 4], await DelaysAsync(tries, 3));
        await Assert.ThrowsAsync<GeminiException>(() => tries.WaitAsync(Busy, CancellationToken.None));
    }

    [Fact]
    public async Task AWaitEndsWithWhoeverWaits()
    {
        using var stop = new CancellationTokenSource();
        var wait = Tries(maxTries: 9, random: 1).WaitAsync(Busy, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(0, _time.RunningTimers);
    }

    [Fact]
    public async Task TheModelIsNamedInTheMessage()
    {
        var failure = await Assert.ThrowsAsync<GeminiException>(
            () => Tries(maxTries: 9, random: 0).WaitAsync(new RpcException(new Status(StatusCode.NotFound, "")), CancellationToken.None));

        Assert.Contains("models/m", failure.Message, StringComparison.Ordinal);
    }

    private static RpcException Asking(int seconds)
    {
        var delay = new Duration { Seconds = seconds }.ToByteArray();
        var any = new Any
        {
            TypeUrl = "type.googleapis.com/google.rpc.RetryInfo",
            Value = ByteString.CopyFrom([10, (byte)delay.Length, .. delay])
        }.ToByteArray();
        return new RpcException(
            new Status(StatusCode.ResourceExhausted, "Busy."),
            new Metadata { { "grpc-status-details-bin", [26, (byte)any.Length, .. any] } });
    }

    private GeminiTries Tries(int maxTries, double random, TimeSpan? limit = null) => new(
        new GeminiSettings
        {
            ProjectId = "p",
            Location = "l",
            Model = "m",
            MaxTries = maxTries,
            RetryLimit = limit
        ?? TimeSpan.FromDays(365)
        },
        new Google.Cloud.AIPlatform.V1.GenerateContentRequest { Model = "models/m" }, _time, () => random);

    private async Task<List<double>> DelaysAsync(GeminiTries tries, int count)
    {
        var delays = new List<double>();
        while (delays.Count < count)
            delays.Add(await DelayAsync(tries, Busy));
        return delays;
    }

    /// <summary>How long, in seconds, is waited; the clock is moved on by that.</summary>
    private async Task<double> DelayAsync(GeminiTries tries, RpcException failure)
    {
        var wait = tries.WaitAsync(failure, CancellationToken.None);
        var step = TimeSpan.FromSeconds(0.25);
        var waited = TimeSpan.Zero;
        for (; !wait.IsCompleted; waited += step)
        {
            Assert.Equal(1, _time.RunningTimers);
            _time.Advance(step);
        }

        await wait;
        return waited.TotalSeconds;
    }
}
