using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Authentication;

/// <summary>
/// What strangers with invented tokens can take from others: nothing that is remembered, and the provider only for a moment.
/// </summary>
public sealed class TokenVerdictsTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TokenVerdicts _verdicts;
    private int _asked;

    public TokenVerdictsTests() => _verdicts = new(_time);

    public void Dispose() => _verdicts.Dispose();

    private TokenVerdict Good =>
        new(_time.GetUtcNow() + TimeSpan.FromHours(1)) { Identity = new Identity("107") { Authority = "google-access-token" } };

    private TokenVerdict Refused => new(_time.GetUtcNow() + TimeSpan.FromSeconds(10)) { Refusal = "no" };

    [Fact]
    public async Task TokensThatAreRefusedTakeNoPlaceFromGoodOnesAndHaveOnlySoMany()
    {
        await AskAsync("good", Good);
        for (var i = 0; i <= TokenVerdicts.Capacity; i++)
            await AskAsync($"invented-{i}", Refused);
        var asked = _asked;

        Assert.NotNull((await AskAsync("good", Refused)).Identity);
        await AskAsync("invented-1", Refused);
        Assert.Equal(asked, _asked);
        await AskAsync("invented-0", Refused);
        Assert.Equal(asked + 1, _asked);
    }

    /// <summary>Its place among the others is taken long before.</summary>
    [Fact]
    public async Task AGoodTokenThatHasExpiredIsGoodAgainIfItIsAskedAbout()
    {
        await AskAsync("good", Good);
        for (var i = 0; i < TokenVerdicts.Capacity; i++)
            await AskAsync($"invented-{i}", Refused);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null((await AskAsync("good", Refused)).Identity);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull((await AskAsync("good", Good)).Identity);
        Assert.NotNull((await AskAsync("good", Refused)).Identity);
    }

    [Fact]
    public async Task OnlySoManyQuestionsAreAskedAtATime()
    {
        await AskAsync("good", Good);
        var (answers, running, most) = (new TaskCompletionSource(), 0, 0);
        using var gone = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 30).Select(i => GetAsync($"invented-{i}")).ToList();
        var givesUp = GetAsync("another", gone.Token);
        Assert.Equal(TokenVerdicts.QuestionsAtOnce, running);
        Assert.NotNull((await AskAsync("good", Refused).WithinLimit("what is known needs no question")).Identity);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givesUp.WithinLimit("who waits may give up"));
        callers.Add(GetAsync("another"));
        answers.SetResult();

        Assert.All(await Task.WhenAll(callers).WithinLimit("all are answered"), verdict => Assert.Equal("no", verdict.Refusal));
        Assert.Equal(TokenVerdicts.QuestionsAtOnce, most);

        Task<TokenVerdict> GetAsync(string token, CancellationToken cancellationToken = default) => _verdicts.GetAsync(
            token,
            async (_, cancel) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await answers.Task.WaitAsync(cancel);
                Interlocked.Decrement(ref running);
                return Refused;
            },
            cancellationToken).AsTask();
    }

    [Fact]
    public async Task AQuestionThatFailsTakesNoTurnAway()
    {
        for (var i = 0; i < 2 * TokenVerdicts.QuestionsAtOnce; i++)
        {
            var fails = _verdicts.GetAsync($"token-{i}", (_, _) => throw new IdentityProviderException("down"), CancellationToken.None)
                .AsTask();
            await Assert.ThrowsAsync<IdentityProviderException>(() => fails);
        }

        Assert.NotNull((await AskAsync("token-0", Good).WithinLimit("it is asked about")).Identity);
    }

    private Task<TokenVerdict> AskAsync(string token, TokenVerdict answer) => _verdicts.GetAsync(
        token,
        (_, _) =>
        {
            _asked++;
            return Task.FromResult(answer);
        },
        CancellationToken.None).AsTask();
}
