using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Chat.Tests;

public class AddChatAgentTests
{
    [Fact]
    public void AnAgentIsMadeOnceOfTheClientThatTheProgramGives()
    {
        var made = 0;
        using var provider = Provider(services => services.AddChatAgent(_ =>
        {
            made++;
            return new ScriptedModel();
        }));

        Assert.Equal(0, made);
        Assert.IsType<ChatAgent>(provider.GetRequiredService<IAgent>());
        Assert.Same(provider.GetRequiredService<IAgent>(), provider.GetRequiredService<IAgent>());
        Assert.Equal(1, made);
    }

    [Fact]
    public void ANamedAgentIsAKeyedServiceWithItsOwnClient()
    {
        var (news, sport) = (new ScriptedModel(), new ScriptedModel());
        using var provider = Provider(services => services.AddChatAgent("news", _ => news).AddChatAgent("sport", _ => sport));

        Assert.Same(news, ((ChatAgent)provider.GetRequiredKeyedService<IAgent>("news")).Model.Client);
        Assert.Same(sport, ((ChatAgent)provider.GetRequiredKeyedService<IAgent>("sport")).Model.Client);
        Assert.Null(provider.GetService<IAgent>());
        Assert.Equal(["news", "sport"], provider.GetServices<AgentName>().Select(name => name.Value));
    }

    [Fact]
    public void AnInvalidOrTakenNameIsRejected()
    {
        var services = new ServiceCollection().AddChatAgent("news", _ => new ScriptedModel());

        Assert.Throws<ArgumentException>(() => services.AddChatAgent("news", _ => new ScriptedModel()));
        Assert.Throws<ArgumentException>(() => services.AddChatAgent("News", _ => new ScriptedModel()));
    }

    [Fact]
    public void TheSharedSettingsHoldForAllAgentsAndAnAgentsOwnOverrideThem()
    {
        using var provider = Provider(
            services => services.AddChatAgent(_ => new ScriptedModel()).AddChatAgent("news", _ => new ScriptedModel()),
            ("A2A:Chat:Instructions", "Be brief."), ("A2A:Chat:MaxTurns", "7"), ("A2A:Chat:DisabledTools:0", "one"),
            ("A2A:Chat:DisabledTools:1", "two"),
            ("A2A:Chat:StopSequences:0", "END"), ("A2A:Agents:news:Chat:Instructions", "Be long."),
            ("A2A:Agents:news:Chat:DisabledTools:0", "three"));

        var (unnamed, news) = (Options(provider, ""), Options(provider, "news"));

        Assert.Equal(("Be brief.", 7), (unnamed.Instructions, unnamed.MaxTurns));
        Assert.Equal(["one", "two"], unnamed.DisabledTools);
        Assert.Equal(("Be long.", 7), (news.Instructions, news.MaxTurns));
        Assert.Equal(["three"], news.DisabledTools);
        Assert.Equal(["END"], news.StopSequences);
    }

    [Fact]
    public void EachFaultIsReportedOnceByTheSectionThatHasIt()
    {
        using var provider = Provider(
            services => services.AddChatAgent(_ => new ScriptedModel()).AddChatAgent("news", _ => new ScriptedModel()),
            ("A2A:Chat:MaxTurns", "0"), ("A2A:Chat:TopP", "2"), ("A2A:Agents:news:Chat:Temperature", "3"),
            ("A2A:Agents:news:Chat:TopP", "4"));

        var faults = Assert.Throws<AggregateException>(() => provider.GetRequiredService<IStartupValidator>().Validate()).InnerExceptions
            .SelectMany(failure => ((OptionsValidationException)failure).Failures);

        Assert.Equal(
        [
            "A2A:Agents:news:Chat:Temperature (A2A__Agents__news__Chat__Temperature) is 3: set 0 to 2.",
            "A2A:Agents:news:Chat:TopP (A2A__Agents__news__Chat__TopP) is 4: set 0 to 1.",
            "A2A:Chat:MaxTurns (A2A__Chat__MaxTurns) is 0: set at least 1.",
            "A2A:Chat:TopP (A2A__Chat__TopP) is 2: set 0 to 1.",
        ], faults.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("A2A:Chat:DisabledTools")]
    [InlineData("A2A:Agents:news:Chat:DisabledTools")]
    [InlineData("A2A:Mcp:Servers:0:Tools")]
    public void OneTextInThePlaceOfAListIsRefusedAtStart(string setting)
    {
        using var provider = Provider(
            services => services.AddChatAgent(_ => new ScriptedModel()).AddChatAgent("news", _ => new ScriptedModel()),
            (setting, "delete"), ("A2A:Mcp:Servers:0:Name", "a"), ("A2A:Mcp:Servers:0:Url", "https://example.com/mcp"));

        var refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.StartsWith(
            $"{setting} ({setting.Replace(":", "__", StringComparison.Ordinal)}) is a single text but must be a list",
            Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Temperature", "-0.1", "set 0 to 2")]
    [InlineData("TopP", "1.1", "set 0 to 1")]
    [InlineData("MaxOutputTokens", "0", "at least 1")]
    [InlineData("ResponseSchema", "[]", "a JSON Schema")]
    [InlineData("ToolTimeLimit", "00:00:00", "set a time above 0")]
    [InlineData("MaxTurns", "0", "at least 1")]
    [InlineData("MemoryTokens", "-1", "0 or more")]
    public void AFaultNamesTheSettingItsVariableTheValueAndTheRemedy(string name, string value, string remedy)
    {
        using var provider = Provider(services => services.AddChatAgent(_ => new ScriptedModel()), ($"A2A:Chat:{name}", value));

        var fault = Assert.Single(Assert.Throws<OptionsValidationException>(() => Options(provider, "")).Failures);

        Assert.StartsWith($"A2A:Chat:{name} (A2A__Chat__{name}) is ", fault, StringComparison.Ordinal);
        Assert.Contains(remedy, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:08:20", null)]
    [InlineData("00:08:21", "set at most 00:08:20")]
    [InlineData("00:01:00", null, "00:01:00")]
    [InlineData("00:01:01", "set at most 00:01:00", "00:01:00")]
    [InlineData("00:02:01", "set at most 00:02:00", "00:02:30")]
    public void ACallOfAToolFitsIntoARun(string limit, string? remedy, string run = "00:08:50")
    {
        using var provider = Provider(
            services => services.AddChatAgent(_ => new ScriptedModel()).AddChatAgent("news", _ => new ScriptedModel())
                .Configure<TaskOptions>(tasks => tasks.RunTimeLimit = TimeSpan.Parse(run, CultureInfo.InvariantCulture)),
            ("A2A:Chat:ToolTimeLimit", limit));

        IReadOnlyList<string> faults = [];
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException invalid)
        {
            faults = [.. invalid.Failures];
        }

        if (remedy is null)
        {
            Assert.Empty(faults);
            return;
        }

        var fault = Assert.Single(faults);
        Assert.StartsWith($"A2A:Chat:ToolTimeLimit (A2A__Chat__ToolTimeLimit) is {limit}: {remedy}", fault, StringComparison.Ordinal);
        Assert.Contains("A2A:Tasks:RunTimeLimit (A2A__Tasks__RunTimeLimit)", fault, StringComparison.Ordinal);
        Assert.Contains("ToolContext.Sleep", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void ToolsOfOneNameAreAFault()
    {
        using var provider = Provider(
            services => services.AddAgentTool(() => 1, "one").AddAgentTool(() => 2, "one").AddChatAgent(_ => new ScriptedModel()));

        Assert.Contains(
            "AddAgentTool", Assert.Throws<OptionsValidationException>(() => Options(provider, "")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheCardDeclaresTextAndJsonWhereTheProgramDeclaresNothing()
    {
        using var provider = Provider(services => services
            .AddChatAgent(_ => new ScriptedModel())
            .AddChatAgent("draw", _ => new ScriptedModel())
            .Configure<AgentCardOptions>("draw", card =>
            {
                card.InputModes.Add("image/*");
                card.OutputModes.Add("image/png");
            }));
        var cards = provider.GetRequiredService<IOptionsMonitor<AgentCardOptions>>();

        Assert.Equal(["text/plain", "application/json", "application/xml", "text/*"], cards.Get("").InputModes.Take(4));
        Assert.Contains("application/yaml", cards.Get("").InputModes);
        Assert.Equal(["text/plain", "application/json"], cards.Get("").OutputModes);
        Assert.Equal(["image/*"], cards.Get("draw").InputModes);
        Assert.Equal(["image/png"], cards.Get("draw").OutputModes);
    }

    private static ChatAgentOptions Options(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<ChatAgentOptions>>().Get(name);

    private static ServiceProvider Provider(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        services.AddLogging();
        add(services);
        return services.BuildServiceProvider();
    }
}
