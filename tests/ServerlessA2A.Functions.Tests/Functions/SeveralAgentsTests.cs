using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>What a program's own startup adds: agents with a name, and none without.</summary>
internal static class NamedAgents
{
    public static TestSetup Setup(params (string Name, string Value)[] settings) => new([("A2A:Agents:news:Name", "The news"), .. settings])
    {
        Services = services => services.AddAgent<OfflineAgent>("weather").AddAgent<OfflineAgent>("news"),
    };
}

/// <summary>AgentCardFunction of a program with several agents.</summary>
public class CardsOfSeveralAgentsTests() : FunctionTest<AgentCardFunction>(NamedAgents.Setup(("A2A:Agent:PublicUrl", "https://agent.example/a2a"), ("A2A:Agent:Name", "The first")))
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

/// <summary>MessageFunction of a program with several agents, behind a card function of its own.</summary>
public class MessagesToSeveralAgentsTests() : FunctionTest<MessageFunction>(NamedAgents.Setup(("A2A:Agent:CardUrl", "https://card.example/.well-known/agent-card.json")))
{
    [Theory]
    [InlineData("/weather/.well-known/agent-card.json", "https://card.example/weather/.well-known/agent-card.json")]
    [InlineData("/news/.well-known/jwks.json", "https://card.example/news/.well-known/jwks.json")]
    public async Task WellKnownPathsLeadToTheCardFunction(string path, string location)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        Assert.Equal((HttpStatusCode.TemporaryRedirect, location), (response.StatusCode, response.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("/weather", HttpStatusCode.OK)]
    [InlineData("/news", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/sport", HttpStatusCode.NotFound)]
    public async Task MessagesReachTheAgents(string path, HttpStatusCode status)
    {
        using var response = await SendAsync(HttpMethod.Post, path, Requests.Json(Requests.Send("hello", returnImmediately: true)));
        Assert.Equal(status, response.StatusCode);
    }
}
