using System.Net;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Exchange;
using ServerlessA2A.Tests.Security.Authentication;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Exchange;

public sealed class TokenExchangeTests : IDisposable
{
    private const string Granted = """{"access_token":"new-1","token_type":"Bearer","expires_in":3600}""";

    private readonly ManualTimeProvider _time = new();
    private readonly TestProvider _server = new();
    private readonly SecurityOptions _options = new() { ForwardAccessToken = true };

    public TokenExchangeTests()
    {
        _options.TokenExchange.TokenUrl = "https://login.example/token";
        _server.Answer = (_, _, _) => Task.FromResult((200, Granted));
    }

    [Fact]
    public async Task TheServerIsAskedAsRfc8693Says()
    {
        _options.TokenExchange.Audience = "https://api.example/";
        Assert.Equal("new-1", await Exchange().ExchangeAsync("the token", scope: "read write"));

        var (method, address, body) = Assert.Single(_server.Asked);
        Assert.Equal((HttpMethod.Post, "https://login.example/token"), (method, address));
        Assert.Equal(
            [
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange", "subject_token=the token",
                "subject_token_type=urn:ietf:params:oauth:token-type:access_token",
                "requested_token_type=urn:ietf:params:oauth:token-type:access_token", "audience=https://api.example/", "scope=read write",
            ],
            body.Split('&').Select(WebUtility.UrlDecode));
    }

    [Fact]
    public async Task ATokenIsKeptUntilAMinuteBeforeItsEndForItsCallerAudienceAndScope()
    {
        var exchange = Exchange();
        await exchange.ExchangeAsync("one");
        _time.Advance(TimeSpan.FromSeconds(3539));
        await exchange.ExchangeAsync("one");
        Assert.Single(_server.Asked);

        await exchange.ExchangeAsync("two");
        await exchange.ExchangeAsync("one", audience: "other");
        await exchange.ExchangeAsync("one", scope: "other");
        Assert.Equal(4, _server.Asked.Count);

        _time.Advance(TimeSpan.FromSeconds(1));
        await exchange.ExchangeAsync("one");
        Assert.Equal(5, _server.Asked.Count);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_target","error_description":"secret details"}""", "invalid_target", false)]
    [InlineData(401, "", "status 401", false)]
    [InlineData(429, "", "429", true)]
    [InlineData(503, "", "503", true)]
    [InlineData(200, "[]", "JSON object", true)]
    [InlineData(200, "{}", "no access_token", true)]
    public async Task AFaultSaysWhyAndWhetherItPasses(int status, string body, string reason, bool isTransient)
    {
        _server.Answer = (_, _, _) => Task.FromResult((status, body));
        var fault = await Assert.ThrowsAsync<TokenExchangeException>(() => Exchange().ExchangeAsync("the-token"));

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-token", fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(isTransient, fault.IsTransient);
    }

    [Theory]
    [InlineData("253402300799", 1)]
    [InlineData("86400", 1)]
    [InlineData("30", 2)]
    [InlineData("0", 2)]
    [InlineData("-1", 1)]
    [InlineData("\"soon\"", 1)]
    public async Task AnyLifetimeIsTakenButATokenNearItsEndIsNotKept(string lifetime, int asked)
    {
        _server.Answer = (_, _, _) => Task.FromResult((200, $$"""{"access_token":"new-1","expires_in":{{lifetime}}}"""));
        var exchange = Exchange();
        Assert.Equal("new-1", await exchange.ExchangeAsync("one"));
        Assert.Equal("new-1", await exchange.ExchangeAsync("one"));
        Assert.Equal(asked, _server.Asked.Count);
    }

    [Fact]
    public async Task AFaultIsNotKept()
    {
        var exchange = Exchange();
        _server.Answer = (_, _, _) => Task.FromResult((503, ""));
        await Assert.ThrowsAsync<TokenExchangeException>(() => exchange.ExchangeAsync("one"));
        _server.Answer = (_, _, _) => Task.FromResult((200, Granted));
        Assert.Equal("new-1", await exchange.ExchangeAsync("one"));
    }

    [Fact]
    public async Task HoweverManyCallersThereAreOnlySoManyTokensAreKept()
    {
        var exchange = Exchange();
        for (var i = 0; i <= TokenExchange.MaxKept; i++)
            await exchange.ExchangeAsync($"{i}");
        await exchange.ExchangeAsync("0");
        Assert.Equal(TokenExchange.MaxKept + 2, _server.Asked.Count);
    }

    [Fact]
    public async Task WithoutAnAddressTheSettingIsNamed()
    {
        _options.TokenExchange.TokenUrl = null;
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Exchange().ExchangeAsync("one"));
        Assert.Contains(
            "A2A:Security:TokenExchange:TokenUrl (A2A__Security__TokenExchange__TokenUrl)", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://login.example/token", true, "", "", "https address")]
    [InlineData("token", true, "", "", "https address")]
    [InlineData("https://login.example/token", false, "", "", "ForwardAccessToken")]
    [InlineData("https://login.example/token", true, "", "secret", "set its id")]
    [InlineData("http://localhost:1/token", true, "id", "secret", null)]
    [InlineData("", false, "", "secret", null)]
    public void WrongSettingsAreNamedAtStart(string address, bool forwards, string client, string secret, string? expected)
    {
        var options = new TokenExchangeOptions { TokenUrl = address, ClientId = client, ClientSecret = secret };
        var faults = options.Faults(forwards).ToList();
        Assert.Equal(expected is null ? 0 : 1, faults.Count);
        Assert.All(faults, fault => Assert.Contains(expected!, fault, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.DoesNotContain("secret'", fault, StringComparison.Ordinal));
    }

    public void Dispose() => _server.Dispose();

    private TokenExchange Exchange() => new(Options.Create(_options), _server.Client(_time), _time);
}
