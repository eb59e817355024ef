using System.Net;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>Tenants: in the path of HTTP+JSON, or in the request of either binding.</summary>
public sealed class TenantTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    private HttpClient Client => fixture.Host.Client;

    [Theory]
    [InlineData("/acme/tasks/{0}")]
    [InlineData("/acme/v1/tasks/{0}")]
    [InlineData("/v1/acme/tasks/{0}")]
    [InlineData("/tasks/{0}?tenant=acme")]
    [InlineData("/acme/tasks/{0}?tenant=acme")]
    public async Task ATaskIsFoundUnderItsTenantOnly(string path)
    {
        var taskId = await new JsonRpcWire(Client).SendAsync("echo:hello", new SendOptions { Tenant = "acme" });

        Assert.Equal(HttpStatusCode.OK, (await Client.ExchangeAsync("GET", string.Format(null, path, taskId))).Response.StatusCode);
        var others = string.Format(null, path.Replace("acme", "other", StringComparison.Ordinal), taskId);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.ExchangeAsync("GET", others)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.ExchangeAsync("GET", $"/tasks/{taskId}")).Response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task EveryOperationHasAPathUnderTheTenant(string version)
    {
        var taskId = await new HttpJsonV03Wire(Client).SendAsync("hold:tenant", new SendOptions { Tenant = "a b", Wait = false });
        var root = $"/a%20b{version}";
        const string Config = """{"id":"h","url":"https://example.com/"}""";

        (string Method, string Path, string? Body)[] requests =
        [
            ("GET", "/tasks", null),
            ("GET", $"/tasks/{taskId}", null),
            ("POST", $"/tasks/{taskId}/pushNotificationConfigs",
                version.Length == 0 ? Config : $$$"""{"config":{"pushNotificationConfig":{{{Config}}}}}"""),
            ("GET", $"/tasks/{taskId}/pushNotificationConfigs", null),
            ("DELETE", $"/tasks/{taskId}/pushNotificationConfigs/h", null),
            ("POST", $"/tasks/{taskId}:cancel", null),
        ];
        foreach (var (method, path, body) in requests)
        {
            var (response, text) = await Client.ExchangeAsync(method, root + path, body);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{method} {root + path}: {text}");
        }

        using var stream = await Client.StreamAsync(RawHttp.Request("POST", root + "/message:stream",
            """{"message":{"messageId":"s","role":"ROLE_USER","parts":[{"text":"echo:x"}]}}"""));
        Assert.Equal(HttpStatusCode.OK, stream.Response.StatusCode);
        await stream.ReadToEndAsync();
        var (card, _) = await Client.ExchangeAsync("GET", root + (version.Length == 0 ? "/extendedAgentCard" : "/card"));
        Assert.Equal(HttpStatusCode.BadRequest, card.StatusCode);
    }

    [Theory]
    [InlineData("/message:send", """{"message":{"messageId":"m","taskId":"{0}","role":"ROLE_USER","parts":[{"text":"x"}]},"configuration":{"returnImmediately":true}}""")]
    [InlineData("/tasks/{0}:subscribe", "{}")]
    [InlineData("/tasks/{0}/pushNotificationConfigs", """{"url":"https://example.com/"}""")]
    [InlineData("/v1/tasks/{0}/pushNotificationConfigs", """{"config":{"pushNotificationConfig":{"url":"https://example.com/"}}}""")]
    [InlineData("/tasks/{0}:cancel", "{}")]
    public async Task TheTenantOfTheQueryCountsAlsoBesideABody(string path, string body)
    {
        var taskId = await new JsonRpcWire(Client).SendAsync("hold:tenant", new SendOptions { Tenant = "acme", Wait = false });
        HttpRequestMessage Request(string query) => RawHttp.Request(
            "POST", path.Replace("{0}", taskId, StringComparison.Ordinal) + query, body.Replace("{0}", taskId, StringComparison.Ordinal));

        using var missing = await Client.StreamAsync(Request(""));
        using var found = await Client.StreamAsync(Request("?tenant=acme"));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (missing.Response.StatusCode, found.Response.StatusCode));
    }

    [Theory]
    [InlineData("/acme/message:send", "other")]
    [InlineData("/acme/message:send?tenant=other", null)]
    [InlineData("/acme/message:send?tenant=other", "acme")]
    [InlineData("/v1/acme/message:send?tenant=other", null)]
    [InlineData("/message:send?tenant=acme", "other")]
    public async Task TwoTenantsThatDifferAreRefused(string path, string? tenant)
    {
        var (response, body) = await Client.ExchangeAsync("POST", path,
            $$$"""{"tenant":"{{{tenant}}}","message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"}]}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("differs from the tenant in the URL", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AListHoldsTheTasksOfItsTenantOnly()
    {
        var tenant = Guid.NewGuid().ToString();
        var wire = new JsonRpcWire(Client);
        var taskId = await wire.SendAsync("echo:hello", new SendOptions { Tenant = tenant });
        await wire.SendAsync("echo:hello");

        var (_, body) = await Client.ExchangeAsync("GET", $"/{tenant}/tasks");

        Assert.Equal(taskId, Assert.Single(body.Json().GetProperty("tasks").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(1, body.Json().GetProperty("totalSize").GetInt32());
    }

    [Fact]
    public async Task ATenantMayHoldASlash()
    {
        var taskId = await new JsonRpcWire(Client).SendAsync("echo:hello", new SendOptions { Tenant = "a/b" });

        Assert.Equal(HttpStatusCode.OK, (await Client.ExchangeAsync("GET", $"/a%2Fb/tasks/{taskId}")).Response.StatusCode);
    }

    [Theory]
    [InlineData('t', 512)]
    [InlineData('ä', 256)]
    [InlineData('尺', 170)]
    public async Task ATenantIsAtMost512Bytes(char letter, int longest)
    {
        var (taken, _) = await Client.ExchangeAsync("GET", $"/{Uri.EscapeDataString(new string(letter, longest))}/tasks");
        var (refused, body) = await Client.ExchangeAsync("GET", $"/{Uri.EscapeDataString(new string(letter, longest + 1))}/tasks");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (taken.StatusCode, refused.StatusCode));
        Assert.Contains("must not be longer than 512 bytes", body, StringComparison.Ordinal);
    }
}
