using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

/// <summary>Gemini beside other agents.</summary>
public class NamedGeminiTests
{
    [Fact]
    public void AgentsOverGeminiHaveNamesCardsOfTheirOwnAndOneSetOfSettings()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("A2A:Gemini:Model", "gemini-test"), new("A2A:Gemini:ProjectId", "p"), new("A2A:Gemini:Buckets:0", "files"),
            new("A2A:Agents:expert:Description", "Knows more."),
        ]).Build();
        var services = new ServiceCollection().AddLogging().AddServerlessA2A(configuration).AddInMemoryTasks(configuration)
            .AddAgent<PacedAgent>().AddGemini("gemini", configuration).AddGemini("expert", configuration);
        Assert.DoesNotContain(services, service => service.ServiceType == typeof(IChatClient));
        // As the functions do where a model is set.
        services.AddGeminiModel(configuration);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();

        Assert.Single(provider.GetRequiredService<IOptions<GeminiOptions>>().Value.Buckets);
        Assert.IsType<PacedAgent>(provider.GetRequiredService<IAgent>());
        var (gemini, expert) = (provider.GetRequiredKeyedService<IAgent>("gemini"), provider.GetRequiredKeyedService<IAgent>("expert"));
        Assert.IsType<ChatAgent>(gemini);
        Assert.NotSame(gemini, expert);
        var cards = provider.GetRequiredService<IOptionsMonitor<AgentCardOptions>>();
        Assert.Contains("image/*", cards.Get("gemini").InputModes);
        Assert.Contains("application/yaml", cards.Get("expert").InputModes);
        Assert.Equal("Knows more.", cards.Get("expert").Description);
        Assert.DoesNotContain("image/*", cards.Get("").InputModes);
    }
}
