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

    [Fact]
    public async Task ATenantInThePathAndAnotherInTheRequestAreRefused()
    {
        var (response, body) = await Client.ExchangeAsync("POST", "/acme/message:send",
            """{"tenant":"other","message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"}]}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"field\":\"tenant\"", body, StringComparison.Ordinal);
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
