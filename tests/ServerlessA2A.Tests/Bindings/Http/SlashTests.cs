using System.Net;
using System.Text.RegularExpressions;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>
/// Clients join an address that ends in a slash with a path that begins with one: any number of slashes is one, and none at the end counts.
/// </summary>
public sealed partial class SlashTests
{
    private const string Call = """{"jsonrpc":"2.0","id":7,"method":"GetTask","params":{"id":"x"}}""";
    private const string Message = """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"echo:x"}]}}""";
    private const string OldMessage =
        """{"request":{"messageId":"m","role":"ROLE_USER","content":[{"text":"echo:x"}]},"configuration":{"blocking":true}}""";

    [Theory]
    [InlineData("POST", "/", Call)]
    [InlineData("GET", "/", null)]
    [InlineData("GET", "/.well-known/agent-card.json", null)]
    [InlineData("GET", "/.well-known/agent.json", null)]
    [InlineData("GET", "/.well-known/jwks.json", null)]
    [InlineData("POST", "/message:send", Message)]
    [InlineData("POST", "/tenant/message:send", Message)]
    [InlineData("POST", "/v1/message:send", OldMessage)]
    [InlineData("POST", "/tenant/v1/message:send", OldMessage)]
    [InlineData("POST", "/v1/tenant/message:send", OldMessage)]
    [InlineData("GET", "/tasks", null)]
    [InlineData("GET", "/tasks?pageSize=1", null)]
    [InlineData("GET", "/tasks/{id}", null)]
    [InlineData("GET", "/v1/tasks/{id}", null)]
    [InlineData("GET", "/tasks/{id}?historyLength=0", null)]
    [InlineData("POST", "/tasks/{id}:cancel", null)]
    [InlineData("GET", "/tasks/{id}/pushNotificationConfigs", null)]
    [InlineData("GET", "/tasks/{id}/pushNotificationConfigs/hook", null)]
    [InlineData("GET", "/v1/tasks/{id}/pushNotificationConfigs/hook", null)]
    [InlineData("GET", "/extendedAgentCard", null)]
    [InlineData("GET", "/v1/card", null)]
    [InlineData("OPTIONS", "/tasks/{id}", null)]
    public async Task AnyNumberOfSlashesIsOne(string method, string path, string? body)
    {
        await using var host = await AgentHost.StartAsync();
        var wire = new JsonRpcWire(host.Client);
        var taskId = await wire.SendAsync("ask");
        await wire.AskAsync(wire.CreateConfigRequest(taskId, "https://example.com/hook", "hook"));
        path = path.Replace("{id}", taskId, StringComparison.Ordinal);
        var expected = await AskAsync(host, method, path, body);
        Assert.NotEqual(HttpStatusCode.NotFound, expected.Status);
        Assert.NotEmpty(expected.Body + expected.Allow);

        foreach (var spelling in Spellings(path))
            Assert.Equal((spelling, expected), (spelling, await AskAsync(host, method, spelling, body)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/.well-known/agent-card.json")]
    [InlineData("/.well-known/agent.json")]
    [InlineData("/.well-known/jwks.json")]
    public async Task TheCardsOwnEndpointTakesThemToo(string path)
    {
        await using var host = await AgentHost.StartAsync(_ => { }, cardOnly: true, inProcess: false);
        var expected = await AskAsync(host, "GET", path, null);
        Assert.Equal(HttpStatusCode.OK, expected.Status);

        foreach (var spelling in Spellings(path))
            Assert.Equal((spelling, expected), (spelling, await AskAsync(host, "GET", spelling, null)));
    }

    [Fact]
    public async Task TheAddressOnTheCardMayBeJoinedAsClientsDo()
    {
        await using var host = await AgentHost.StartAsync();
        var address = (await host.Client.ExchangeAsync("GET", "/.well-known/agent-card.json")).Body.Json().GetProperty("url").GetString()!;
        Assert.EndsWith("/", address, StringComparison.Ordinal);

        foreach (var joined in (string[])["/.well-known/agent-card.json", "/tasks", "/v1/tasks"])
            Assert.Equal(HttpStatusCode.OK, (await host.Client.ExchangeAsync("GET", address + joined)).Response.StatusCode);
    }

    [Fact]
    public async Task ASlashInsideAnIdIsNoJoint()
    {
        await using var host = await AgentHost.StartAsync();

        var (response, body) = await host.Client.ExchangeAsync("GET", "/tasks/a%2F%2Fb");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("\"taskId\":\"a//b\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://card.example/", "https://card.example/.well-known/jwks.json")]
    [InlineData("https://card.example//.well-known/agent-card.json/", "https://card.example/.well-known/jwks.json")]
    [InlineData("https://card.example/a/.well-known/agent.json//", "https://card.example/a/.well-known/jwks.json")]
    public async Task TheKeysAreBesideTheCardHoweverItsAddressEnds(string cardUrl, string keySetUrl)
    {
        await using var host = await AgentHost.StartAsync(("Agent:CardUrl", cardUrl));

        var (response, _) = await host.Client.ExchangeAsync("GET", "/.well-known/jwks.json");

        Assert.Equal(keySetUrl, response.Headers.Location?.OriginalString);
    }

    [GeneratedRegex(@"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[^""]+Z")]
    private static partial Regex OfOneTask();

    /// <summary>The path with more slashes at its beginning, at each joint, and at its end.</summary>
    private static IEnumerable<string> Spellings(string pathAndQuery)
    {
        var query = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        var (path, rest) = query < 0 ? (pathAndQuery, "") : (pathAndQuery[..query], pathAndQuery[query..]);
        yield return "/" + path + rest;
        yield return path + "//" + rest;
        yield return "//" + path + "/" + rest;
        yield return path.Replace("/", "//", StringComparison.Ordinal) + rest;
        yield return path.Replace("/", "///", StringComparison.Ordinal) + "/" + rest;
    }

    /// <summary>The answer, without what differs between tasks.</summary>
    private static async Task<(HttpStatusCode Status, string? Type, string Allow, string Body)> AskAsync(
        AgentHost host, string method, string path, string? body)
    {
        var address = host.Address!.GetLeftPart(UriPartial.Authority) + path;
        var (response, text) = await host.Client.ExchangeAsync(RawHttp.Request(method, address, body));
        var headers = response.Content.Headers;
        return (response.StatusCode, headers.ContentType?.ToString(), string.Join(", ", headers.Allow), OfOneTask().Replace(text, "…"));
    }
}
