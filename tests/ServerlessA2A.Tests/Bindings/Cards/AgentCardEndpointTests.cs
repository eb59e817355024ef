using System.Net;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Cards;

/// <summary>The public card: where it is, in which form, and how long it may be kept.</summary>
public sealed class AgentCardEndpointTests
{
    private const string Path = "/.well-known/agent-card.json";

    [Theory]
    [InlineData("/")]
    [InlineData(Path)]
    [InlineData("/.well-known/agent.json")]
    public async Task TheCardIsAtItsWellKnownPathsAndAtTheAddressItself(string path)
    {
        await using var host = await StartAsync();

        var (response, body) = await host.Client.ExchangeAsync("GET", path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("ServerlessA2A", body.Json().GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData("1.0", true, false)]
    [InlineData("0.3", false, true)]
    [InlineData("0.3.0", false, true)]
    public async Task TheCardIsOfTheVersionThatIsAskedForAndOfBothWithoutOne(string? version, bool hasNew, bool hasOld)
    {
        await using var host = await StartAsync();
        var request = RawHttp.Request("GET", Path);

        var (response, body) = await host.Client.ExchangeAsync(version is null ? request : request.With("A2A-Version", version));

        Assert.Equal(hasNew, body.Json().TryGetProperty("supportedInterfaces", out _));
        Assert.Equal(hasOld, body.Json().TryGetProperty("protocolVersion", out _));
        Assert.Equal("A2A-Version", Assert.Single(response.Headers.Vary));
    }

    [Theory]
    [InlineData("1.0", true, false)]
    [InlineData("0.3", false, true)]
    public async Task TheCardCanBePinnedToAVersion(string version, bool hasNew, bool hasOld)
    {
        await using var host = await StartAsync(("Http:CardVersion", version));

        var (_, body) = await host.Client.ExchangeAsync("GET", Path);

        Assert.Equal(hasNew, body.Json().TryGetProperty("supportedInterfaces", out _));
        Assert.Equal(hasOld, body.Json().TryGetProperty("protocolVersion", out _));
    }

    [Fact]
    public async Task AVersionThatIsNotSupportedIsRefused()
    {
        await using var host = await StartAsync();

        var (response, body) = await host.Client.ExchangeAsync(RawHttp.Request("GET", Path).With("A2A-Version", "2.0"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("VERSION_NOT_SUPPORTED", body, StringComparison.Ordinal);
        Assert.Null(response.Headers.ETag);
    }

    [Fact]
    public async Task TheCardMayBeKeptAndHasAStrongTag()
    {
        await using var host = await StartAsync(("Http:CardMaxAge", "00:10:00"));

        var (response, _) = await host.Client.ExchangeAsync("GET", Path);
        var (again, _) = await host.Client.ExchangeAsync("GET", Path);

        Assert.Equal("public, max-age=600", response.Headers.CacheControl?.ToString());
        Assert.False(response.Headers.ETag!.IsWeak);
        Assert.Equal(response.Headers.ETag, again.Headers.ETag);
        Assert.NotNull(response.Content.Headers.LastModified);
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("W/{0}")]
    [InlineData("\"other\", {0}")]
    [InlineData("*")]
    public async Task ACardThatTheClientHasIsNotSentAgain(string known)
    {
        await using var host = await StartAsync();
        var (first, _) = await host.Client.ExchangeAsync("GET", Path);

        var (response, body) = await host.Client.ExchangeAsync(
            RawHttp.Request("GET", Path).With("If-None-Match", string.Format(null, known, first.Headers.ETag)));

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
        Assert.Empty(body);
        Assert.Equal(first.Headers.ETag, response.Headers.ETag);
        Assert.Equal("public, max-age=300", response.Headers.CacheControl?.ToString());
        Assert.Equal("A2A-Version", Assert.Single(response.Headers.Vary));
    }

    [Fact]
    public async Task ACardThatHasNotChangedSinceIsNotSentAgain()
    {
        await using var host = await StartAsync();
        var (first, _) = await host.Client.ExchangeAsync("GET", Path);
        var date = first.Content.Headers.LastModified!.Value.ToString("R");

        var (same, _) = await host.Client.ExchangeAsync(RawHttp.Request("GET", Path).With("If-Modified-Since", date));
        var (older, _) = await host.Client.ExchangeAsync(
            RawHttp.Request("GET", Path).With("If-Modified-Since", "Mon, 01 Jan 2024 00:00:00 GMT"));
        var (tagged, _) = await host.Client.ExchangeAsync(
            RawHttp.Request("GET", Path).With("If-Modified-Since", date).With("If-None-Match", "\"another\""));

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, older.StatusCode);
        Assert.Equal(HttpStatusCode.OK, tagged.StatusCode);
    }

    [Fact]
    public async Task AnotherVersionHasAnotherTag()
    {
        await using var host = await StartAsync();
        var (v1, _) = await host.Client.ExchangeAsync(RawHttp.Request("GET", Path).With("A2A-Version", "1.0"));
        var (v03, _) = await host.Client.ExchangeAsync(RawHttp.Request("GET", Path).With("A2A-Version", "0.3"));

        Assert.NotEqual(v1.Headers.ETag, v03.Headers.ETag);
    }

    [Fact]
    public async Task HeadTellsAllButTheCard()
    {
        await using var host = await StartAsync();
        var (get, _) = await host.Client.ExchangeAsync("GET", Path);
        var (head, body) = await host.Client.ExchangeAsync("HEAD", Path);

        Assert.Empty(body);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task OtherMethodsAndPathsAreRefusedAndOptionsAreTold()
    {
        await using var host = await StartAsync();

        var (post, _) = await host.Client.ExchangeAsync("POST", Path, "{}");
        var (elsewhere, _) = await host.Client.ExchangeAsync("GET", "/elsewhere");
        var (options, _) = await host.Client.ExchangeAsync("OPTIONS", Path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal("GET, HEAD, OPTIONS", string.Join(", ", post.Content.Headers.Allow));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
        Assert.Equal("GET, HEAD, OPTIONS", string.Join(", ", options.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("agent.example.com", "https", "https://agent.example.com/")]
    [InlineData("agent.example.com:8443", "https,http", "https://agent.example.com:8443/")]
    [InlineData("agent.example.com", "gopher", "http://agent.example.com/")]
    [InlineData("[::1]:8080", null, "http://[::1]:8080/")]
    public async Task WithoutAConfiguredAddressTheCardNamesTheOneItWasAskedAt(string host, string? scheme, string address)
    {
        await using var server = await StartAsync();
        var request = RawHttp.Request("GET", Path).With("Host", host).With("X-Forwarded-Host", "evil.example.com");
        if (scheme is not null)
            request.With("X-Forwarded-Proto", scheme);

        var (_, body) = await server.Client.ExchangeAsync(request);

        Assert.Equal(address, body.Json().GetProperty("url").GetString());
        Assert.DoesNotContain("evil", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHostThatIsNoHostDoesNotLandInTheCard()
    {
        await using var server = await StartAsync();

        var (_, body) = await server.Client.ExchangeAsync(RawHttp.Request("GET", Path).With("Host", "a\"b<c>"));

        Assert.DoesNotContain("<c>", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyHostsDoNotFillTheMemoryAndGetTheirOwnCardEach()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < 200; i++)
        {
            var (_, body) = await server.Client.ExchangeAsync(RawHttp.Request("GET", Path).With("Host", $"host{i % 100}.example.com"));
            Assert.Equal($"http://host{i % 100}.example.com/", body.Json().GetProperty("url").GetString());
        }
    }

    [Fact]
    public async Task AConfiguredAddressIsTheOneOnTheCard()
    {
        await using var server = await StartAsync(("Agent:PublicUrl", "https://agent.example.com/a2a"));

        var (_, body) = await server.Client.ExchangeAsync(RawHttp.Request("GET", Path).With("Host", "other.example.com"));

        Assert.Equal("https://agent.example.com/a2a", body.Json().GetProperty("url").GetString());
    }

    [Theory]
    [InlineData(Path)]
    [InlineData("/.well-known/agent.json")]
    public async Task TheAgentsEndpointLeadsToTheCard(string path)
    {
        await using var elsewhere = await AgentHost.StartAsync(("Agent:CardUrl", "https://card.example.com/card"));
        await using var here = await AgentHost.StartAsync();

        var (redirect, _) = await elsewhere.Client.ExchangeAsync("GET", path + "?A2A-Version=0.3");
        var (served, body) = await here.Client.ExchangeAsync("GET", path);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
        Assert.Equal("https://card.example.com/card?A2A-Version=0.3", redirect.Headers.Location?.OriginalString);
        await using var query = await AgentHost.StartAsync(("Agent:CardUrl", "https://card.example.com/card?v=1"));
        var (further, _) = await query.Client.ExchangeAsync("GET", path + "?A2A-Version=0.3");
        Assert.Equal("https://card.example.com/card?v=1&A2A-Version=0.3", further.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal("ServerlessA2A", body.Json().GetProperty("name").GetString());
    }

    private static Task<AgentHost> StartAsync(params (string Name, string Value)[] settings) =>
        AgentHost.StartAsync(_ => { }, cardOnly: true, inProcess: false, settings);
}
