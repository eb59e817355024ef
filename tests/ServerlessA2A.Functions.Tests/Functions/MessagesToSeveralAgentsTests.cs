using System.Net;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>MessageFunction of a program with several agents, behind a card function of its own.</summary>
public class MessagesToSeveralAgentsTests()
    : FunctionTest<MessageFunction>(NamedAgents.Setup(("A2A:Agent:CardUrl", "https://card.example/.well-known/agent-card.json")))
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
