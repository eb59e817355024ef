using System.Net;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>As it is deployed: the card has a function, and an address, of its own.</summary>
public class MessageFunctionWithCardAddressTests() : FunctionTest<MessageFunction>(("A2A:Agent:CardUrl", "https://card.example/"))
{
    [Theory]
    [InlineData("/.well-known/agent-card.json", "https://card.example/")]
    [InlineData("/.well-known/agent.json", "https://card.example/")]
    [InlineData("/.well-known/agent-card.json?A2A-Version=0.3", "https://card.example/?A2A-Version=0.3")]
    [InlineData("/.well-known/jwks.json", "https://card.example/.well-known/jwks.json")]
    public async Task TheWellKnownPathsLeadToTheCardsFunction(string path, string location)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal(location, response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task MessagesAreAnsweredHereAllTheSame()
    {
        using var client = Server.CreateClient();

        var result = await client.CallAsync(Requests.Send("hello", returnImmediately: true));

        Assert.Equal("TASK_STATE_SUBMITTED", result.GetProperty("task").State());
    }
}
