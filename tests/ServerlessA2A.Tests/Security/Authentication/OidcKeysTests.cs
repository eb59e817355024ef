using System.Security.Cryptography;
using System.Text.Json;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Authentication;

/// <summary>Where a provider's keys come from, and how long they are kept.</summary>
public sealed class OidcKeysTests : IDisposable
{
    private static readonly TestToken Next = TestToken.Good.WithHeader("""{"alg":"ES256","kid":"next"}""").Signed(TestToken.Es256(TestKeys.OtherEc));
    private static readonly TimeSpan RefreshInterval = new OidcOptions().RefreshInterval;

    private readonly OidcSetup _oidc = new();

    public void Dispose() => _oidc.Dispose();

    [Fact]
    public async Task KeysAreFetchedOnceForAllTokens()
    {
        for (var i = 0; i < 3; i++)
            Assert.NotNull(await _oidc.AskAsync(TestToken.Good));

        Assert.Equal([OidcSetup.Discovery, OidcSetup.KeySet], _oidc.Provider.Asked.Select(asked => asked.Address));
    }

    [Fact]
    public async Task AKeySetThatIsConfiguredNeedsNoDiscovery()
    {
        using var oidc = new OidcSetup(options => options.Issuers[0].KeySetUrl = OidcSetup.KeySet);

        Assert.NotNull(await oidc.AskAsync(TestToken.Good));
        Assert.Equal([OidcSetup.KeySet], oidc.Provider.Asked.Select(asked => asked.Address));
    }

    [Fact]
    public async Task ThoseWhoComeAtOnceFetchTheKeysOnce()
    {
        var (answers, answer) = (new TaskCompletionSource(), _oidc.Provider.Answer);
        _oidc.Provider.Answer = async (address, body, token) =>
        {
            await answers.Task;
            return await answer(address, body, token);
        };
        var callers = Enumerable.Range(0, 20).Select(_ => _oidc.AskAsync(TestToken.Good)).ToList();
        answers.SetResult();

        Assert.All(await Task.WhenAll(callers).WithinLimit("all are answered"), Assert.NotNull);
        Assert.Equal(1, _oidc.Fetches);
    }

    [Fact]
    public async Task AFetchGoesOnThoughItsCallerHangsUp()
    {
        var (answers, answer) = (new TaskCompletionSource(), _oidc.Provider.Answer);
        _oidc.Provider.Answer = async (address, body, token) =>
        {
            await answers.Task.WaitAsync(token);
            return await answer(address, body, token);
        };
        using var first = new CancellationTokenSource();
        var gone = _oidc.Authenticator.AskAsync(TestRequest.Bearer($"{TestToken.Good}"), first.Token);
        var next = _oidc.AskAsync(TestToken.Good);
        await first.CancelAsync();
        answers.SetResult();

        Assert.NotNull(await next.WithinLimit("the next one is answered"));
        Assert.Equal([OidcSetup.Discovery, OidcSetup.KeySet], _oidc.Provider.Asked.Select(asked => asked.Address));
        await gone.WithinLimit("the first one ends");
    }

    [Fact]
    public async Task InventedKeysMakeNobodyFetchMoreOftenThoughTheirCallersHangUp()
    {
        await _oidc.AskAsync(TestToken.Good);
        _oidc.Time.Advance(RefreshInterval);
        _oidc.Provider.Answer = async (_, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return default;
        };
        var before = _oidc.Provider.Asked.Count;
        var callers = new List<Task<Identity?>>();
        for (var i = 0; i < 10; i++)
        {
            using var caller = new CancellationTokenSource();
            callers.Add(_oidc.Authenticator.AskAsync(TestRequest.Bearer($"{Invented(i)}"), caller.Token));
            await caller.CancelAsync();
        }

        // Only the one that has asked stays, and no longer than the client waits.
        foreach (var waits in callers.Skip(1))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WithinLimit("who waits may give up"));
        Assert.False(callers[0].IsCompleted);
        _oidc.Time.Advance(IdentityProviderClient.Limit);
        await Assert.ThrowsAsync<IdentityProviderException>(() => callers[0].WithinLimit("it is given up"));
        await Assert.ThrowsAsync<IdentityProviderException>(() => _oidc.AskAsync(Invented(10)));
        Assert.Equal(before + 1, _oidc.Provider.Asked.Count);

        static TestToken Invented(int i) => TestToken.Good.WithHeader($$"""{"alg":"ES256","kid":"invented-{{i}}"}""");
    }

    [Fact]
    public async Task ANewKeyIsFoundAsSoonAsKeysMayBeFetchedAgain()
    {
        await _oidc.AskAsync(TestToken.Good);
        _oidc.Keys.Add(OidcSetup.Public(TestKeys.OtherEc, "next"));
        _oidc.Time.Advance(RefreshInterval - TimeSpan.FromSeconds(1));
        await _oidc.RefusalAsync(Next);
        Assert.Equal(1, _oidc.Fetches);

        _oidc.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await _oidc.AskAsync(Next.With("exp", $"{TestToken.Now + 900}")));
        Assert.Equal(2, _oidc.Fetches);
    }

    [Fact]
    public async Task InventedKeysMakeNobodyFetchMoreOften()
    {
        for (var i = 0; i < 30; i++)
        {
            await _oidc.RefusalAsync(TestToken.Good.WithHeader($$"""{"alg":"ES256","kid":"invented-{{i}}"}"""));
            _oidc.Time.Advance(RefreshInterval / 10);
        }

        Assert.Equal(3, _oidc.Fetches);
    }

    [Fact]
    public async Task AKeyThatWasWithdrawnIsNoLongerTakenAfterAnHour()
    {
        var token = TestToken.Good.With("exp", $"{TestToken.Now + 9000}");
        await _oidc.AskAsync(token);
        _oidc.Keys.RemoveAt(0);
        _oidc.Time.Advance(IssuerKeys.MaxAge - TimeSpan.FromSeconds(1));
        Assert.NotNull(await _oidc.AskAsync(token));

        _oidc.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("does not publish", await _oidc.RefusalAsync(token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysStayInUseWhileTheProviderIsDownAndItIsNotAskedAllTheTime()
    {
        var token = TestToken.Good.With("exp", $"{TestToken.Now + 90_000}");
        await _oidc.AskAsync(token);
        _oidc.IsDown = true;
        _oidc.Time.Advance(TimeSpan.FromHours(20));
        var before = _oidc.Provider.Asked.Count;
        for (var i = 0; i < 10; i++)
            Assert.NotNull(await _oidc.AskAsync(token));

        Assert.Equal(1, _oidc.Provider.Asked.Count - before);
    }

    [Fact]
    public async Task WhoHasAKeyDoesNotWaitForAProviderThatIsSilent()
    {
        var token = TestToken.Good.With("exp", $"{TestToken.Now + 90_000}");
        await _oidc.AskAsync(token);
        _oidc.Provider.Answer = async (_, _, cancel) =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return default;
        };
        _oidc.Time.Advance(IssuerKeys.MaxAge);
        var asks = _oidc.AskAsync(token);

        Assert.NotNull(await _oidc.AskAsync(token).WithinLimit("another one is answered"));
        Assert.False(asks.IsCompleted);
        _oidc.Time.Advance(IdentityProviderClient.Limit);
        Assert.NotNull(await asks.WithinLimit("the one that has asked is answered with the keys that are known"));
    }

    [Fact]
    public async Task AKeyThatIsNotKnownWhileTheProviderIsDownIsNobodysFault()
    {
        await _oidc.AskAsync(TestToken.Good);
        _oidc.IsDown = true;
        _oidc.Time.Advance(RefreshInterval);

        await Assert.ThrowsAsync<IdentityProviderException>(() => _oidc.AskAsync(Next));
        Assert.NotNull(await _oidc.AskAsync(TestToken.Good));
        _oidc.IsDown = false;
        _oidc.Keys.Add(OidcSetup.Public(TestKeys.OtherEc, "next"));
        _oidc.Time.Advance(IssuerKeys.RetryInterval);
        Assert.NotNull(await _oidc.AskAsync(Next));
    }

    [Fact]
    public async Task AProviderThatIsDownFromTheStartIsAskedAgainEachSecond()
    {
        _oidc.IsDown = true;
        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAsync<IdentityProviderException>(() => _oidc.AskAsync(TestToken.Good));
        Assert.Single(_oidc.Provider.Asked);

        _oidc.IsDown = false;
        _oidc.Time.Advance(IssuerKeys.RetryInterval);
        Assert.NotNull(await _oidc.AskAsync(TestToken.Good));
    }

    [Fact]
    public async Task AProviderThatIsSilentIsGivenUp()
    {
        _oidc.Provider.Answer = async (_, _, cancel) =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return default;
        };
        var asks = _oidc.AskAsync(TestToken.Good);
        _oidc.Time.Advance(IdentityProviderClient.Limit);

        var fault = await Assert.ThrowsAsync<IdentityProviderException>(() => asks.WithinLimit("it is given up"));
        Assert.Contains("did not respond within 00:00:05", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"issuer":"https://other.example.com/","jwks_uri":"https://keys.example.com/set"}""", "another issuer")]
    [InlineData("""{"jwks_uri":"https://keys.example.com/set"}""", "another issuer")]
    [InlineData("""{"issuer":"https://issuer.example.com/"}""", "no jwks_uri")]
    [InlineData("""{"issuer":"https://issuer.example.com/","jwks_uri":"http://keys.example.com/set"}""", "no jwks_uri")]
    [InlineData("""{"issuer":"https://issuer.example.com/","jwks_uri":"/set"}""", "no jwks_uri")]
    [InlineData("""{"issuer":"https://issuer.example.com/","jwks_uri":"https://keys.example.com/none"}""", "status 404")]
    [InlineData("[]", "something other than a JSON object")]
    [InlineData("<html>", "something other than a JSON object")]
    public async Task ADiscoveryDocumentThatIsNoneIsTheProvidersFault(string document, string told)
    {
        _oidc.DiscoveryDocument = document;

        var fault = await Assert.ThrowsAsync<IdentityProviderException>(() => _oidc.AskAsync(TestToken.Good));
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("no JSON")]
    public async Task AKeySetThatIsNoneIsTheProvidersFault(string set)
    {
        var answer = _oidc.Provider.Answer;
        _oidc.Provider.Answer = (address, body, token) =>
            address == OidcSetup.KeySet ? Task.FromResult((200, set)) : answer(address, body, token);

        await Assert.ThrowsAsync<IdentityProviderException>(() => _oidc.AskAsync(TestToken.Good));
    }

    [Fact]
    public async Task AnAnswerWithoutEndIsTheProvidersFault()
    {
        _oidc.Keys.Add(JsonSerializer.Serialize(new string('a', IdentityProviderClient.MaxBody)));

        await Assert.ThrowsAsync<IdentityProviderException>(() => _oidc.AskAsync(TestToken.Good));
    }

    /// <summary>Keys beside the good one, each with the id of a token that is signed with it.</summary>
    [Theory]
    [InlineData("""{"kty":"oct","kid":"odd","k":"c2VjcmV0"}""")]
    [InlineData("""{"kty":"EC","kid":"odd","crv":"P-256","x":"AA","y":"AA"}""")]
    [InlineData("""{"kty":"EC","kid":"odd","crv":"P-256"}""")]
    [InlineData("""{"kty":"EC","kid":"odd","crv":"P-256","x":"!","y":7}""")]
    [InlineData("""{"kty":"RSA","kid":"odd","n":"AA","e":"AQAB"}""")]
    [InlineData("""{"kty":"RSA","kid":"odd"}""")]
    [InlineData("""{"kty":["EC"],"kid":{}}""")]
    [InlineData("7")]
    [InlineData("null")]
    public async Task AKeyOfAnotherKindIsPassedOver(string key)
    {
        _oidc.Keys.Insert(0, key);

        Assert.NotNull(await _oidc.AskAsync(TestToken.Good));
        Assert.NotNull(await _oidc.AskAsync(TestToken.Good.WithHeader("""{"alg":"ES256"}""")));
        await _oidc.RefusalAsync(TestToken.Good.WithHeader("""{"alg":"ES256","kid":"odd"}"""));
    }

    [Fact]
    public async Task AKeyForSomethingElseIsNotTaken()
    {
        _oidc.Keys[0] = OidcSetup.Public(TestKeys.Jwk(TestKeys.Ec, ("kid", "ec"), ("use", "enc")));
        Assert.Contains("does not publish", await _oidc.RefusalAsync(TestToken.Good), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyThatIsTooShortIsNotTaken()
    {
        using var weak = RSA.Create(1024);
        _oidc.Keys.Add(OidcSetup.Public(TestKeys.Jwk(weak, ("kid", "weak"))));
        var token = TestToken.Good.WithHeader("""{"alg":"RS256","kid":"weak"}""").Signed(TestToken.Rs256(weak));

        Assert.Contains("does not publish", await _oidc.RefusalAsync(token), StringComparison.Ordinal);
    }
}
