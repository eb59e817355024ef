using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Authentication;

public sealed class GoogleAccessTokenAuthenticatorTests : IDisposable
{
    private const string Token = "ya29.a0Af_s3cret-token";
    private const string Client = "1234.apps.googleusercontent.com";
    private const string Address = "https://oauth2.googleapis.com/tokeninfo";
    private const string Unknown = """{"error":"invalid_token","error_description":"Invalid Value"}""";

    /// <summary>As Google writes it: all in texts.</summary>
    private static readonly string Info =
        $$"""{"azp":"{{Client}}","aud":"{{Client}}","sub":"107","scope":"openid","exp":"{{TestToken.Now + 3599}}","expires_in":"3599","email":"a@example.com","email_verified":"true","access_type":"offline"}""";

    private readonly ManualTimeProvider _time = new();
    private readonly TestProvider _google = new();
    private readonly IdentityProviderClient _client;
    private readonly GoogleAccessTokenAuthenticator _tokens;

    public GoogleAccessTokenAuthenticatorTests()
    {
        var options = new SecurityOptions();
        options.GoogleAccessToken.Audiences.Add("5678.apps.googleusercontent.com");
        options.GoogleAccessToken.Audiences.Add(Client);
        _client = _google.Client(_time);
        _tokens = new GoogleAccessTokenAuthenticator(Options.Create(options), _client, _time);
        Answers(200, Info);
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _client.Dispose();
    }

    [Theory]
    [InlineData(Token)]
    [InlineData("ya29.c.s3cret")]
    public async Task GoogleTellsWhoseATokenIs(string token)
    {
        var caller = await _tokens.AskAsync(TestRequest.Bearer(token));

        Assert.Equal(new Identity("107") { Authority = "google-access-token", Email = "a@example.com", AccessToken = token }, caller);
        Assert.Equal([(HttpMethod.Post, Address, $"access_token={token}")], _google.Asked);
    }

    [Theory]
    [InlineData("\"email_verified\":\"false\"")]
    [InlineData("\"email_verified\":\"\"")]
    [InlineData("\"x\":1")]
    public async Task AnAddressThatIsNotVerifiedIsNotTheCallers(string instead)
    {
        Answers(200, Info.Replace("\"email_verified\":\"true\"", instead, StringComparison.Ordinal));

        Assert.Equal(
            new Identity("107") { Authority = "google-access-token", AccessToken = Token },
            await _tokens.AskAsync(TestRequest.Bearer(Token)));
    }

    [Fact]
    public async Task NumbersAreTakenForNumbersToo()
    {
        Answers(200, $$"""{"aud":"{{Client}}","sub":"107","exp":{{TestToken.Now + 60}},"email":"a@example.com","email_verified":true}""");

        Assert.Equal("a@example.com", (await _tokens.AskAsync(TestRequest.Bearer(Token)))!.Email);
    }

    [Fact]
    public async Task WithoutAudienceTheClientThatHasGotTheTokenCounts()
    {
        Answers(200, Info.Replace("\"aud\":", "\"x\":", StringComparison.Ordinal));

        Assert.NotNull(await _tokens.AskAsync(TestRequest.Bearer(Token)));
    }

    [Fact]
    public async Task AJwtAndAnEmptyHeaderAreLeftToOthers()
    {
        Assert.Null(await _tokens.AskAsync(TestRequest.Bearer($"{TestToken.Good}")));
        Assert.Null(await _tokens.AskAsync(TestRequest.Bearer("")));
        Assert.Null(await _tokens.AskAsync(TestRequest.With(("Authorization", "Basic YTpi"))));
        Assert.Null(await _tokens.AskAsync(TestRequest.With(("X-Serverless-Authorization", $"Bearer {Token}"))));
        Assert.Empty(_google.Asked);
    }

    [Theory]
    [InlineData("s3cret token")]
    [InlineData("s3cret&aud=x")]
    [InlineData("s3crét")]
    [InlineData("s3cret===")]
    [InlineData("==")]
    public async Task WhatCanBeNoTokenIsNotEvenAsked(string token)
    {
        Assert.DoesNotContain("s3cr", await _tokens.RefusalAsync(TestRequest.Bearer(token)), StringComparison.Ordinal);
        await _tokens.RefusalAsync(TestRequest.Bearer(new string('a', 4097)));
        Assert.Empty(_google.Asked);
    }

    [Theory]
    [InlineData("\"aud\":\"" + Client, "\"aud\":\"other", "another OAuth client")]
    [InlineData("\"sub\":", "\"x\":", "names no user")]
    [InlineData("\"sub\":\"107\"", "\"sub\":107", "names no user")]
    [InlineData("\"exp\":\"17", "\"exp\":\"16", "has expired")]
    public async Task ATokenThatIsNotForUsIsRefused(string is_, string instead, string why)
    {
        Answers(200, Info.Replace(is_, instead, StringComparison.Ordinal));

        Assert.Contains(why, await _tokens.RefusalAsync(TestRequest.Bearer(Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenIsAskedAboutOnceUntilItExpires()
    {
        for (var i = 0; i < 3; i++)
            Assert.NotNull(await _tokens.AskAsync(TestRequest.Bearer(Token)));
        _time.Advance(TimeSpan.FromSeconds(3598));
        Assert.NotNull(await _tokens.AskAsync(TestRequest.Bearer(Token)));
        Assert.Single(_google.Asked);

        Answers(400, Unknown);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _tokens.RefusalAsync(TestRequest.Bearer(Token));
        Assert.Equal(2, _google.Asked.Count);
    }

    [Fact]
    public async Task ABadTokenIsRememberedForAMoment()
    {
        Answers(400, Unknown);
        for (var i = 0; i < 3; i++)
            Assert.Equal("Google rejected the access token as unknown or expired.", await _tokens.RefusalAsync(TestRequest.Bearer(Token)));
        Assert.Single(_google.Asked);

        Answers(200, Info);
        _time.Advance(GoogleAccessTokenAuthenticator.RefusalKept);
        Assert.NotNull(await _tokens.AskAsync(TestRequest.Bearer(Token)));
    }

    [Fact]
    public async Task ThoseWhoComeAtOnceWithOneTokenAskOnceAndOthersDoNotWait()
    {
        var answers = new TaskCompletionSource();
        _google.Answer = async (_, body, _) =>
        {
            if (body.EndsWith(Token, StringComparison.Ordinal))
                await answers.Task;
            return (200, Info);
        };
        var callers = Enumerable.Range(0, 20).Select(_ => _tokens.AskAsync(TestRequest.Bearer(Token))).ToList();
        Assert.NotNull(await _tokens.AskAsync(TestRequest.Bearer("another")).WithinLimit("another token is answered"));
        answers.SetResult();

        Assert.All(await Task.WhenAll(callers).WithinLimit("all are answered"), caller => Assert.Equal("107", caller!.Name));
        Assert.Equal(2, _google.Asked.Count);
    }

    [Fact]
    public async Task WhoGivesUpLetsTheNextOneAsk()
    {
        _google.Answer = Silence;
        using var first = new CancellationTokenSource();
        var gone = _tokens.AskAsync(TestRequest.Bearer(Token), first.Token);
        var next = _tokens.AskAsync(TestRequest.Bearer(Token));
        Answers(200, Info);
        await first.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.NotNull(await next.WithinLimit("the next one is answered"));
    }

    [Theory]
    [InlineData(500, "{}")]
    [InlineData(503, "")]
    [InlineData(429, Unknown)]
    [InlineData(302, "")]
    [InlineData(404, "<html>")]
    [InlineData(400, "<html>")]
    [InlineData(400, "{}")]
    [InlineData(200, "")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"aud":"1234.apps.googleusercontent.com","sub":"107"}""")]
    [InlineData(200, """{"aud":"1234.apps.googleusercontent.com","sub":"107","exp":"soon"}""")]
    [InlineData(200, """{"sub":"107","exp":"4000000000"}""")]
    public async Task AnAnswerThatIsNoneIsGooglesFaultAndNotRemembered(int status, string body)
    {
        Answers(status, body);
        var fault = await Assert.ThrowsAsync<IdentityProviderException>(() => _tokens.AskAsync(TestRequest.Bearer(Token)));
        Assert.Contains(Address, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, $"{fault}", StringComparison.Ordinal);

        Answers(200, Info);
        Assert.NotNull(await _tokens.AskAsync(TestRequest.Bearer(Token)));
    }

    [Fact]
    public async Task AConnectionThatFailsIsGooglesFault()
    {
        _google.Answer = (_, _, _) => throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such host");

        var fault = await Assert.ThrowsAsync<IdentityProviderException>(() => _tokens.AskAsync(TestRequest.Bearer(Token)));
        Assert.Equal($"{Address} cannot be reached (NameResolutionError).", fault.Message);
    }

    [Fact]
    public async Task SilenceIsGivenUpAfterFiveSeconds()
    {
        _google.Answer = Silence;
        var asks = _tokens.AskAsync(TestRequest.Bearer(Token));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(asks.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        await Assert.ThrowsAsync<IdentityProviderException>(() => asks.WithinLimit("it is given up"));
    }

    [Fact]
    public async Task TheOldestTokenIsForgottenWhenThereAreTooMany()
    {
        for (var i = 0; i <= TokenVerdicts.Capacity; i++)
            await _tokens.AskAsync(TestRequest.Bearer($"token-{i}"));
        var asked = _google.Asked.Count;

        await _tokens.AskAsync(TestRequest.Bearer($"token-{TokenVerdicts.Capacity}"));
        await _tokens.AskAsync(TestRequest.Bearer("token-1"));
        Assert.Equal(asked, _google.Asked.Count);
        await _tokens.AskAsync(TestRequest.Bearer("token-0"));
        Assert.Equal(asked + 1, _google.Asked.Count);
    }

    private static async Task<(int Status, string Body)> Silence(string address, string body, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return default;
    }

    private void Answers(int status, string body) => _google.Answer = (_, _, _) => Task.FromResult((status, body));
}
