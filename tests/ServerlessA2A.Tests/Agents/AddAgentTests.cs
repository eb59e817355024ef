using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Agents;

public class AddAgentTests
{
    [Theory]
    [InlineData(false, null, false)]
    [InlineData(false, "true", true)]
    [InlineData(true, null, true)]
    [InlineData(true, "false", true)]
    public void AnAgentRepliesWhereTheCodeOrTheSettingSaysSo(bool replies, string? setting, bool expected)
    {
        var services = ServicesWith(setting);
        services.AddAgent<PacedAgent>(replies);
        Assert.Equal(expected, services.BuildServiceProvider().GetRequiredService<HostedAgents>().Find("")!.Cards.Replies);
    }

    [Fact]
    public void ASecondAgentWithoutANameIsRejectedWithTheRemedy()
    {
        Action<IServiceCollection>[] ways =
        [
            services => services.AddAgent<OfflineAgent>(replies: true), services => services.AddAgent(new PacedAgent()), services =>
            services.AddAgent(_ => new PacedAgent()),
        ];
        foreach (var add in ways)
        {
            var services = ServicesWith(setting: null);
            services.AddAgent<PacedAgent>();
            var fault = Assert.Throws<InvalidOperationException>(() => add(services));
            Assert.Contains("give this one a name, as in AddAgent<MyAgent>(\"my-agent\")", fault.Message, StringComparison.Ordinal);
            Assert.False(services.BuildServiceProvider().GetRequiredService<HostedAgents>().Find("")!.Cards.Replies);
        }
    }

    [Fact]
    public void AProgramWithoutAnAgentDoesNotStart()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Validate(_ => { }));
        Assert.StartsWith(
            "The program has no agent: add one with AddAgent<MyAgent>()", Assert.Single(fault.Failures), StringComparison.Ordinal);
        Validate(services => services.AddAgent<PacedAgent>());
        Validate(services => services.AddAgent<PacedAgent>("weather"));

        static void Validate(Action<IServiceCollection> add)
        {
            var services = ServicesWith(setting: null);
            add(services);
            services.BuildServiceProvider().GetRequiredService<IStartupValidator>().Validate();
        }
    }

    private static ServiceCollection ServicesWith(string? setting)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("A2A:Agent:Replies", setting)]).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddServerlessA2A(configuration);
        return services;
    }
}
