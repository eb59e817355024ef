using System.Net;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>AgentCardFunction of a program with several agents.</summary>
public class CardsOfSeveralAgentsTests()
    : FunctionTest<AgentCardFunction>(
    NamedAgents.Setup(("A2A:Agent:PublicUrl", "https://agent.example/a2a"), ("A2A:Agent:Name", "The first")))
{
    [Theory]
    [InlineData("/.well-known/agent-card.json", "The first", "https://agent.example/a2a/weather")]
    [InlineData("/weather/.well-known/agent-card.json", "The first", "https://agent.example/a2a/weather")]
    [InlineData("/news/.well-known/agent.json", "The news", "https://agent.example/a2a/news")]
    public async Task EachCardIsServedBelowItsAgent(string path, string name, string address)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var card = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((name, address), (card.GetProperty("name").GetString(), card.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task AnAgentThatIsNotThereHasNone()
    {
        using var response = await SendAsync(HttpMethod.Get, "/sport/.well-known/agent-card.json");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
