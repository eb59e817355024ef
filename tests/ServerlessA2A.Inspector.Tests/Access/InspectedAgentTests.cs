using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServerlessA2A.Functions;
using ServerlessA2A.Functions.Inspector;
using ServerlessA2A.Inspector.Tests.Support;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Inspector.Tests.Access;

[Collection(WithChromium.Name)]
public sealed class InspectedAgentTests(Chromium chromium)
{
    [SkippableTheory]
    [InlineData("1.0", "HTTP+JSON")]
    [InlineData("0.3", "JSONRPC")]
    public async Task AnotherAgentIsInspectedByItsAddress(string version, string binding)
    {
        await using var other = await Site.StartAsync("--A2A:Agent:Name=The other one");
        await using var site = await Site.StartAsync("--inspect", other.Address.AbsoluteUri);
        await using var page = await chromium.OpenAsync("card", site);
        await page.SeesAsync("The other one");
        await page.SeesAsync(other.Address.AbsoluteUri);
        Assert.StartsWith("Signature verified", await page.Page.Locator("p.good").InnerTextAsync(), StringComparison.Ordinal);

        await page.ConnectAsync(version, binding);
        await page.GoToAsync("chat");
        await page.SayAsync("count 4 gate");
        await page.SeesAsync("1 2");
        other.Agent.Open("gate");
        await page.WaitForStateAsync("completed");
        await page.SeesAsync("1 2 3 4");

        await page.Page.Locator(".turn footer a").ClickAsync();
        Assert.Equal(0, await page.Tab("Log").CountAsync());
        await page.Tab("Replay").ClickAsync();
        await page.Button("Replay").ClickAsync();
        await page.Page.Locator(".events .number").First.WaitForAsync();
        await page.GoToAsync("tasks");
        await page.SeesAsync("1 of 1 tasks, newest status first");
    }

    [Fact]
    public async Task NothingOfTheBrowserReachesTheAgentAndNothingOfTheAgentActsInTheBrowser()
    {
        await using var server = await ForeignServer.StartAsync(context =>
        {
            context.Response.Headers.SetCookie = "a=b";
            context.Response.Headers["Clear-Site-Data"] = "\"*\"";
            context.Response.Headers.WWWAuthenticate = "Basic";
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<script>alert(1)</script>");
        });
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);

        using var response = await GetAsync(
            site, "inspector/target/a%2Fb?c=%20d",
            ("Cookie", "session=secret"), ("Origin", site.Address.GetLeftPart(UriPartial.Authority)), ("Authorization", "Bearer mine"));

        Assert.Equal("text/plain; charset=utf-8", $"{response.Content.Headers.ContentType}");
        Assert.Equal($"{server.Address}a%2Fb?c=%20d", response.Headers.GetValues("Inspected-Address").Single());
        Assert.Equal("Basic", response.Headers.GetValues("Inspected-WWW-Authenticate").Single());
        Assert.All(
            (string[])["Set-Cookie", "Clear-Site-Data", "WWW-Authenticate", "Access-Control-Allow-Origin"],
            name => Assert.False(response.Headers.Contains(name), name));
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var received = Assert.Single(server.Received);
        Assert.Equal("Bearer mine", received.Authorization);
        Assert.All((string[])["Cookie", "Origin", "Referer"], name => Assert.False(received.ContainsKey(name), name));
        using var document = await GetAsync(site, "inspector/target/", ("Sec-Fetch-Dest", "document"));
        Assert.Equal(HttpStatusCode.Forbidden, document.StatusCode);
        Assert.StartsWith("HTTP/1.1 403", await AskAsync(site, $"GET {site.Address}inspector/target/x HTTP/1.1"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403", await AskAsync(site, "GET /%69nspector/target/x HTTP/1.1"), StringComparison.Ordinal);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task ARedirectOfAReadIsFollowedWithoutCredentialsAndNotToTheMetadataServer()
    {
        await using var elsewhere = await ForeignServer.StartAsync(context => context.Response.WriteAsync("the card"));
        await using var server = await ForeignServer.StartAsync(context =>
        {
            context.Response.Redirect(context.Request.Path == "/bad" ? "http://169.254.169.254/" : elsewhere.Address.AbsoluteUri);
            return Task.CompletedTask;
        });
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);

        using var good = await GetAsync(site, "inspector/target/good", ("Authorization", "Bearer mine"), ("X-API-Key", "mine"));
        Assert.Equal("the card", await good.Content.ReadAsStringAsync());
        Assert.False(elsewhere.Received.Single().ContainsKey("Authorization") || elsewhere.Received.Single().ContainsKey("X-API-Key"));
        using var bad = await GetAsync(site, "inspector/target/bad");
        Assert.Equal(HttpStatusCode.BadGateway, bad.StatusCode);
        Assert.Contains("leads to a metadata address", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHeaderThatIsNotAsciiIsEscaped()
    {
        await using var server = await ForeignServer.StartAsync(context =>
        {
            context.Response.Headers.Server = "Bücher";
            return context.Response.WriteAsync("the card");
        });
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);

        using var response = await GetAsync(site, "inspector/target/");

        Assert.Equal("the card", await response.Content.ReadAsStringAsync());
        Assert.Equal("B%FCcher", $"{response.Headers.Server}");
    }

    [Theory]
    [InlineData("gzip", "cannot be read: ")]
    [InlineData("br", "cannot be read: ")]
    [InlineData(null, "cannot be reached: ")]
    public async Task AnAnswerThatIsDamagedOrBreaksOffIsReported(string? encoding, string told)
    {
        await using var server = await ForeignServer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            if (encoding is not null)
                return context.Response.WriteAsync("not compressed");
            context.Abort();
            return Task.CompletedTask;
        });
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);

        using var response = await GetAsync(site, "inspector/target/card");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains(told, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARedirectToSomethingElseThanTheWebIsShown()
    {
        await using var server = await ForeignServer.StartAsync(context =>
        {
            context.Response.Redirect("ftp://agent.example.com/card");
            return Task.CompletedTask;
        });
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);

        using var response = await GetAsync(site, "inspector/target/");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("ftp://agent.example.com/card", response.Headers.GetValues("Inspected-Location").Single());
    }

    [Fact]
    public void AHostWithUnicodeLettersIsWrittenInAscii() =>
        Assert.Equal("https://xn--bcher-kva.example:8443/a", InspectedAgent.Read("https://bücher.example:8443/a").AbsoluteUri);

    [Fact]
    public async Task APageThatWasOpenedForAnotherAgentReachesNone()
    {
        await using var server = await ForeignServer.StartAsync(context => context.Response.WriteAsync("the card"));
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);

        using var other = await GetAsync(
            site, "inspector/target/", ("Inspected-Agent", "https://agent.example.com/"), ("Authorization", "Bearer mine"));
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Empty(server.Received);
        using var own = await GetAsync(site, "inspector/target/", ("Inspected-Agent", server.Address.AbsoluteUri));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.False(server.Received.Single().ContainsKey("Inspected-Agent"));
    }

    [Fact]
    public async Task AStrangersNameThatLeadsToThisMachineIsNotFollowed()
    {
        await using var server = await ForeignServer.StartAsync(context => context.Response.WriteAsync("private"));
        var address = new Uri($"http://agent.example.com:{server.Address.Port}");
        using var agent = new InspectedAgent(address, new LoopbackNames(), TimeProvider.System);
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = "/inspector/target/tasks";
        using var body = new MemoryStream();
        context.Response.Body = body;

        await Assert.ThrowsAsync<StartFaultException>(() => agent.CheckAsync(CancellationToken.None));
        await agent.ForwardAsync(context, "/inspector/target");

        Assert.Equal(StatusCodes.Status502BadGateway, context.Response.StatusCode);
        Assert.Contains("loopback", System.Text.Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task AnAgentThatDoesNotAnswerIsToldWithItsAddress()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}/");
        await using var site = await Site.StartAsync("--inspect", address.AbsoluteUri);

        using var response = await GetAsync(site, "inspector/target/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        var told = await response.Content.ReadAsStringAsync();
        Assert.StartsWith($"http://{address.Authority} cannot be reached", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.0.0.1/", "leads to a private address")]
    [InlineData("http://169.254.169.254/", "leads to a metadata address")]
    [InlineData("http://user:password@example.com/", "must not hold a user name")]
    public async Task AnAddressThatMayNotBeCalledIsToldAtStart(string address, string told)
    {
        using var hosts = new DnsHostAddresses();
        using var agent = new InspectedAgent(InspectedAgent.Read(address), hosts, TimeProvider.System);

        var fault = await Assert.ThrowsAsync<StartFaultException>(() => agent.CheckAsync(CancellationToken.None));

        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("agent.example.com")]
    [InlineData("ftp://agent.example.com")]
    public void SomethingElseThanAnAddressIsAStartFault(string argument)
    {
        var fault = Assert.Throws<StartFaultException>(() => InspectedAgent.Read(argument));
        Assert.Contains($"'{argument}'", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Sends a request line that no client of .NET would, and returns the status line.</summary>
    private static async Task<string> AskAsync(Site site, string line)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(site.Address.Host, site.Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\nHost: {site.Address.Authority}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? "";
    }

    private static async Task<HttpResponseMessage> GetAsync(Site site, string path, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = site.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    /// <summary>Every name leads to this machine.</summary>
    private sealed class LoopbackNames : IHostAddresses
    {
        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            new([IPAddress.Loopback]);
    }
}
