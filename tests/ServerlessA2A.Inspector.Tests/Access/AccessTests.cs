using System.Net;
using ServerlessA2A.Inspector.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Access;

[Collection(WithChromium.Name)]
public sealed class AccessTests(Chromium chromium)
{
    [Theory]
    [InlineData("Host", "agent.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Host", "127.0.0.1.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Host", "10.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("Host", "0.0.0.0", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost:8080", HttpStatusCode.OK)]
    [InlineData("Host", "[::1]:8080", HttpStatusCode.OK)]
    [InlineData("X-Forwarded-For", "203.0.113.1", HttpStatusCode.Forbidden)]
    [InlineData("Forwarded", "for=203.0.113.1", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-Host", "agent.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Via", "1.1 proxy", HttpStatusCode.Forbidden)]
    [InlineData("X-Real-IP", "203.0.113.1", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Origin", "https://evil.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    public async Task OnlyThisMachineAndItsOwnPageReachTheLocalInspector(string header, string value, HttpStatusCode expected)
    {
        foreach (var path in (string[])["inspector/", "inspector/main.js", "inspector/api/agents", "inspector/api/tasks/x"])
        {
            using var response = await GetAsync(path, (header, value));
            var isMissingTask = expected == HttpStatusCode.OK && path.EndsWith('x');
            Assert.Equal(isMissingTask ? HttpStatusCode.NotFound : expected, response.StatusCode);
        }
    }

    /// <summary>What browsers send when a page of another site loads, frames, links to or posts a form to the inspector.</summary>
    [Theory]
    [InlineData("GET", "document", "navigate", true)]
    [InlineData("POST", "document", "navigate", false)]
    [InlineData("GET", "iframe", "navigate", false)]
    [InlineData("GET", "script", "no-cors", false)]
    [InlineData("GET", "empty", "cors", false)]
    [InlineData("POST", "empty", "no-cors", false)]
    public async Task AnotherSiteMayLinkToTheInspectorAndDoNothingElse(string method, string destination, string mode, bool isAllowed)
    {
        foreach (var (path, verb) in ((string, string)[])[("inspector/", "GET"), ("inspector/api/card", "POST")])
        {
            if (verb != method)
                continue;
            using var client = new HttpClient { BaseAddress = chromium.Site.Address };
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST")
                request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "text/plain");
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
            request.Headers.Add("Sec-Fetch-Dest", destination);
            request.Headers.Add("Sec-Fetch-Mode", mode);

            using var response = await client.SendAsync(request);

            Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
            Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/tasks")]
    [InlineData("/.well-known/agent-card.json")]
    public async Task APageThatPointsItsNameAtThisMachineReachesNoAgentEither(string path)
    {
        using var rebound = await GetAsync(path, ("Host", "evil.example.com"), ("A2A-Version", "1.0"));
        Assert.Equal(HttpStatusCode.Forbidden, rebound.StatusCode);
        Assert.Contains("AllowedHosts", await rebound.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var name in (string[])["localhost", "agent.localhost:9000", "127.0.0.1", "[::1]:80"])
        {
            using var own = await GetAsync(path, ("Host", name), ("A2A-Version", "1.0"));
            Assert.NotEqual(HttpStatusCode.Forbidden, own.StatusCode);
        }
    }

    [Fact]
    public async Task TheNameOfATunnelIsAllowedByTheSettingAndStillReachesNoInspector()
    {
        await using var site = await Site.StartAsync("--AllowedHosts=tunnel.example.com;127.0.0.1");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("tunnel.example.com", ".well-known/agent-card.json"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("evil.example.com", ".well-known/agent-card.json"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("tunnel.example.com", "inspector/"));

        async Task<HttpStatusCode> StatusAsync(string host, string path)
        {
            using var client = new HttpClient { BaseAddress = site.Address };
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task AnAgentOrATenantMayBeCalledInspector()
    {
        using var list = await GetAsync("inspector/tasks", ("A2A-Version", "1.0"));
        Assert.Contains("\"tasks\"", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = await GetAsync("inspector/nothing.js");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using var target = await GetAsync("inspector/target/x");
        Assert.Equal(HttpStatusCode.NotFound, target.StatusCode);
    }

    [Fact]
    public async Task TheLogOfAnothersTaskIsNotFound()
    {
        await using var site = await Site.StartAsync(
            "--A2A:Security:Identity:0=api-key", "--A2A:Security:ApiKeys:Hashes:0=alice=" + Sha256("a"),
            "--A2A:Security:ApiKeys:Hashes:1=bob=" + Sha256("b"));
        using var client = new HttpClient { BaseAddress = site.Address };
        using var message = new StringContent(
            """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"}]}}""", System.Text.Encoding.UTF8, "application/json");
        using var send = new HttpRequestMessage(HttpMethod.Post, "/message:send") { Content = message };
        send.Headers.Add("X-API-Key", "a");
        using var sent = await client.SendAsync(send);
        using var answer = System.Text.Json.JsonDocument.Parse(await sent.Content.ReadAsStringAsync());
        var path = $"inspector/api/tasks/{answer.RootElement.GetProperty("task").GetProperty("id")}";

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("a"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("b"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(null));

        async Task<HttpStatusCode> StatusAsync(string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (key is not null)
                request.Headers.Add("X-API-Key", key);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task TheLogOfATaskCountsAsAnOpenStream()
    {
        await using var site = await Site.StartAsync(
            "--A2A:Security:Identity:0=api-key", "--A2A:Security:ApiKeys:Hashes:0=alice=" + Sha256("a"), "--A2A:Limits:OpenStreams=1");
        using var client = new HttpClient { BaseAddress = site.Address, DefaultRequestHeaders = { { "X-API-Key", "a" } } };
        using var message = new StringContent(
            """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"}]}}""", System.Text.Encoding.UTF8, "application/json");
        using var sent = await client.PostAsync(new Uri("/message:send", UriKind.Relative), message);
        using var answer = System.Text.Json.JsonDocument.Parse(await sent.Content.ReadAsStringAsync());
        var log = new Uri($"inspector/api/tasks/{answer.RootElement.GetProperty("task").GetProperty("id")}", UriKind.Relative);

        using var first = await client.GetAsync(log, HttpCompletionOption.ResponseHeadersRead);
        using var second = await client.GetAsync(log, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
    }

    /// <summary>A line break ends a line of an event, and the client's metadata is stored with its own.</summary>
    [Fact]
    public async Task TheLogOfATaskIsReadableWhateverLineBreaksItsJsonHas()
    {
        await using var site = await Site.StartAsync();
        using var client = new HttpClient { BaseAddress = site.Address };
        using var message = new StringContent(
            """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"}]},"metadata":"""
            + "{\r\n  \"a\": 1,\n\n  \"b\": 2\r}}", System.Text.Encoding.UTF8, "application/json");
        using var sent = await client.PostAsync(new Uri("/message:send", UriKind.Relative), message);
        using var answer = System.Text.Json.JsonDocument.Parse(await sent.Content.ReadAsStringAsync());
        var log = new Uri($"inspector/api/tasks/{answer.RootElement.GetProperty("task").GetProperty("id")}", UriKind.Relative);

        using var stream = new StreamReader(await client.GetStreamAsync(log));
        string? line;
        do
            line = await stream.ReadLineAsync();
        while (line != "event: entry");
        var data = new List<string>();
        while (await stream.ReadLineAsync() is { Length: > 0 } next)
            data.Add(next["data: ".Length..]);

        using var entry = System.Text.Json.JsonDocument.Parse(string.Join('\n', data));
        Assert.Contains("\"b\": 2", entry.RootElement.GetProperty("events")[0].GetRawText(), StringComparison.Ordinal);
    }

    private static string Sha256(string key) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = chromium.Site.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }
}
