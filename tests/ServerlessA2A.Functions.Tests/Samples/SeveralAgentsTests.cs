using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

public class SeveralAgentsTests
{
    [Fact]
    public async Task EachAgentAnswersAtItsOwnPathWithItsOwnCard()
    {
        await using var program = RunningProgram.Start(Programs.SeveralAgents);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        foreach (var (path, name, answer) in new[]
        {
            ("", "Greeter", "Hello, stranger!"), ("greeter/", "Greeter", "Hello, stranger!"), ("counter/", "Counter", "4 characters"),
                ("reverser/", "Reverser", "oihO"),
        })
        {
            using var card = JsonDocument.Parse(await client.GetStringAsync($"/{path}.well-known/agent-card.json"));
            using var message = Requests.Json("""{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"Ohio"}]}}""");
            using var response = await client.PostAsync($"/{path}message:send", message);

            Assert.Equal(name, card.RootElement.GetProperty("name").GetString());
            Assert.Contains($"\"text\":\"{answer}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(program.LoggedErrors);
    }
}
