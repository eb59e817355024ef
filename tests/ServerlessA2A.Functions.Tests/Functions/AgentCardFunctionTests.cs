using System.Net;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Functions;

public class AgentCardFunctionTests()
    : FunctionTest<AgentCardFunction>(("A2A:Agent:PublicUrl", "https://agent.example/a2a"), ("A2A:Agent:Name", "Example"))
{
    private const string Path = "/.well-known/agent-card.json";

    [Theory]
    [InlineData("/.well-known/agent-card.json")]
    [InlineData("/.well-known/agent.json")]
    [InlineData("/")]
    public async Task TheCardIsServedWhereverTheFunctionIsAskedForIt(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var card = await ReadAsync(response);
        Assert.Equal("Example", card.GetProperty("name").GetString());
        Assert.Equal("https://agent.example/a2a", card.GetProperty("url").GetString());
        Assert.All(card.GetProperty("supportedInterfaces").EnumerateArray(), each =>
            Assert.Equal("https://agent.example/a2a", each.GetProperty("url").GetString()));
    }

    [Theory]
    [InlineData("1.0", "supportedInterfaces", "preferredTransport")]
    [InlineData("0.3", "preferredTransport", "supportedInterfaces")]
    public async Task AClientThatNamesItsVersionGetsTheCardOfThatVersion(string version, string itsMember, string membersOfTheOther)
    {
        using var response = await SendAsync(HttpMethod.Get, Path, content: null, ("A2A-Version", version));

        var card = await ReadAsync(response);
        Assert.True(card.TryGetProperty(itsMember, out _));
        Assert.False(card.TryGetProperty(membersOfTheOther, out _));
        Assert.Equal("A2A-Version", response.Headers.Vary.Single());
    }

    [Fact]
    public async Task ACardThatTheClientHasIsNotSentAgain()
    {
        using var first = await SendAsync(HttpMethod.Get, Path);
        using var second = await SendAsync(HttpMethod.Get, Path, content: null, ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task TheKeysOfWebhooksAreServedHereToo()
    {
        using var response = await SendAsync(HttpMethod.Get, "/.well-known/jwks.json");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty((await ReadAsync(response)).GetProperty("keys").EnumerateArray());
    }

    [Fact]
    public async Task AMessageIsNotForThisFunction()
    {
        using var response = await SendAsync(HttpMethod.Post, "/", Requests.Json(Requests.Send("hello")));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("GET", response.Content.Headers.Allow);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }
}
