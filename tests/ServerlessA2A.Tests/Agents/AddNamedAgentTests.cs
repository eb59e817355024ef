using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Agents;

public class AddNamedAgentTests
{
    private const string Rule = "use 1 to 40 lower-case letters, digits and dashes, but not v1, tasks, card, callback, inspector";

    [Theory]
    [InlineData("")]
    [InlineData("Weather")]
    [InlineData("we ather")]
    [InlineData("we/ather")]
    [InlineData("we:ather")]
    [InlineData("we_ather")]
    [InlineData("wetter-größe")]
    [InlineData("message:send")]
    [InlineData(".well-known")]
    [InlineData("extendedAgentCard")]
    [InlineData("v1")]
    [InlineData("tasks")]
    [InlineData("card")]
    [InlineData("callback")]
    [InlineData("inspector")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghij1")]
    public void ANameThatBreaksTheRuleIsRefusedWithTheRule(string name)
    {
        Action<IServiceCollection>[] ways =
            [services => services.AddAgent<PacedAgent>(name), services => services.AddAgent(name, new PacedAgent()), services =>
                services.AddAgent(name, _ => new PacedAgent())];
        foreach (var add in ways)
        {
            var fault = Assert.Throws<ArgumentException>(() => add(new ServiceCollection()));
            Assert.Contains($"'{name}'", fault.Message, StringComparison.Ordinal);
            Assert.Contains(Rule, fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("weather")]
    [InlineData("2")]
    [InlineData("v2")]
    [InlineData("my-agent-2")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghij")]
    public void AnyOtherNameIsTaken(string name) => new ServiceCollection().AddAgent<PacedAgent>(name);

    [Fact]
    public void NoNameAtAllIsRefused() =>
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddAgent<PacedAgent>(name: null!));

    [Fact]
    public void ANameIsGivenOnce()
    {
        var services = new ServiceCollection().AddAgent<PacedAgent>("weather").AddAgent<PacedAgent>("news");
        var fault = Assert.Throws<ArgumentException>(() => services.AddAgent("weather", new PacedAgent()));
        Assert.Contains("There is an agent 'weather' already", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EachIsAKeyedServiceAndMadeWhenItIsRun()
    {
        var news = new PacedAgent();
        var made = 0;
        var provider = Services().AddAgent<OfflineAgent>("weather").AddAgent("news", news).AddAgent("sport", _ =>
        {
            made++;
            return new PacedAgent();
        }).BuildServiceProvider();
        var agents = provider.GetRequiredService<HostedAgents>();

        Assert.IsType<OfflineAgent>(agents.Find("weather")!.Agent);
        Assert.Same(news, provider.GetRequiredKeyedService<IAgent>("news"));
        Assert.Equal(0, made);
        Assert.Same(agents.Find("sport")!.Agent, agents.Find("sport")!.Agent);
        Assert.Equal(1, made);
        Assert.Null(agents.Find("nobody"));
    }

    [Fact]
    public void TheFirstOneIsTheDefault()
    {
        var agents = Services().AddAgent<PacedAgent>("weather").AddAgent<OfflineAgent>("news").BuildServiceProvider()
            .GetRequiredService<HostedAgents>();
        Assert.Equal(["weather", "news"], agents.All.Select(agent => agent.Name));
        Assert.Same(agents.Find("weather"), agents.Default);
        Assert.Same(agents.Default, agents.Find(""));
    }

    [Fact]
    public void UnlessThereIsOneWithoutAName()
    {
        var agents = Services().AddAgent<PacedAgent>("weather").AddAgent<OfflineAgent>().BuildServiceProvider()
            .GetRequiredService<HostedAgents>();
        Assert.Equal(["", "weather"], agents.All.Select(agent => agent.Name));
        Assert.IsType<OfflineAgent>(agents.Default.Agent);
    }

    [Theory]
    [InlineData(false, null, false)]
    [InlineData(false, "true", true)]
    [InlineData(true, "false", true)]
    public void EachRepliesWhereTheCodeOrItsOwnSettingSaysSo(bool replies, string? setting, bool expected)
    {
        var agents = Agents(
            services => services.AddAgent<PacedAgent>().AddAgent<PacedAgent>("weather", replies).AddAgent<PacedAgent>("news"),
            ("A2A:Agents:weather:Replies", setting));
        Assert.Equal(
            (false, expected, false),
            (agents.Default.Cards.Replies, agents.Find("weather")!.Cards.Replies, agents.Find("news")!.Cards.Replies));
    }

    [Fact]
    public void EachHasTheSettingsOfItsOwnSection()
    {
        var agents = Agents(
            services => services.AddAgent<PacedAgent>().AddAgent<PacedAgent>("weather").AddAgent<PacedAgent>("news"),
            ("A2A:Agent:Name", "The default"), ("A2A:Agent:Description", "d"), ("A2A:Agent:Streaming", "false"),
            ("A2A:Agent:Skills:0:Id", "s"), ("A2A:Agent:Skills:0:Name", "S"),
            ("A2A:Agents:Weather:Name", "Rain or shine"), ("A2A:Agents:weather:Skills:0:Id", "rain"),
            ("A2A:Agents:weather:Skills:0:Name", "Rain"),
            ("A2A:Agents:news:Extended:Description", "more"), ("A2A:Agents:news:ExtendedCard", "true"));

        var (weather, news) = (CardOf(agents, "weather"), CardOf(agents, "news"));
        Assert.Equal(("Rain or shine", "rain", true), (weather.Name, weather.Skills[0].Id, weather.Capabilities.Streaming));
        Assert.Equal(("news", "chat", true), (news.Name, news.Skills[0].Id, news.Capabilities.ExtendedAgentCard));
        Assert.Equal(
            ("The default", "s", false), (CardOf(agents, "").Name, CardOf(agents, "").Skills[0].Id, agents.Default.Cards.Streaming));
    }

    [Theory]
    [InlineData("https://a.example/x/", "https://a.example/x/weather")]
    [InlineData("https://a.example", "https://a.example/weather")]
    [InlineData(null, "https://here.example/")]
    public void EachIsBelowTheAddressOfTheProgramUnlessItHasItsOwn(string? address, string expected)
    {
        var agents = Agents(
            services => services.AddAgent<PacedAgent>().AddAgent<PacedAgent>("weather").AddAgent<PacedAgent>("news"),
            ("A2A:Agent:PublicUrl", address), ("A2A:Agents:news:PublicUrl", "https://news.example/"));
        Assert.All(CardOf(agents, "weather").SupportedInterfaces, each => Assert.Equal(expected, each.Url));
        Assert.All(CardOf(agents, "news").SupportedInterfaces, each => Assert.Equal("https://news.example/", each.Url));
    }

    [Theory]
    [InlineData("https://c.example/.well-known/agent-card.json", "https://c.example/weather/.well-known/agent-card.json")]
    [InlineData("https://c.example/a/.well-known/agent.json?v=1", "https://c.example/a/weather/.well-known/agent.json?v=1")]
    [InlineData("https://c.example/?v=1", "https://c.example/weather?v=1")]
    [InlineData("", null)]
    public void AndSoIsItsCard(string address, string? expected)
    {
        var agents = Agents(
            services => services.AddAgent<PacedAgent>().AddAgent<PacedAgent>("weather").AddAgent<PacedAgent>("news"),
            ("A2A:Agent:CardUrl", address), ("A2A:Agents:news:CardUrl", "https://news.example/card"));
        Assert.Equal((expected, "https://news.example/card"), (agents.Find("weather")!.Cards.CardUrl, agents.Find("news")!.Cards.CardUrl));
    }

    [Theory]
    [InlineData(null, null, null, "https://a.example/callback")]
    [InlineData("https://c.example/back", null, null, "https://c.example/back")]
    [InlineData(null, "https://b.example/x/", null, "https://b.example/x/callback")]
    [InlineData("https://c.example/back", "https://b.example/x/", null, "https://c.example/back")]
    [InlineData("https://c.example/back", null, "https://d.example/", "https://d.example/")]
    public void BrowsersReturnToOneAddressForAllAgents(string? all, string? ownAddress, string? own, string expected)
    {
        var agents = Agents(
            services => services.AddAgent<PacedAgent>("weather").AddAgent<PacedAgent>("news"),
            ("A2A:Agent:PublicUrl", "https://a.example/"), ("A2A:Agent:CallbackUrl", all),
            ("A2A:Agents:weather:PublicUrl", ownAddress), ("A2A:Agents:news:PublicUrl", ownAddress),
            ("A2A:Agents:weather:CallbackUrl", own), ("A2A:Agents:news:CallbackUrl", own));
        Assert.Equal(
            (expected, expected), (agents.Find("weather")!.Cards.CallbackUrl, agents.Find("news")!.Cards.CallbackUrl));
    }

    [Fact]
    public void WebhooksAreOfferedAsTheDefaultAgentOffersThemUnlessItsOwnSettingSaysOtherwise()
    {
        var agents = Agents(
            services => services.AddAgent<PacedAgent>().AddAgent<PacedAgent>("weather").AddAgent<PacedAgent>("news"),
            ("A2A:Agent:PushNotifications", "true"), ("A2A:Agents:news:PushNotifications", "false"));
        Assert.Equal(
            (true, true, false),
            (agents.Default.Cards.PushNotifications, agents.Find("weather")!.Cards.PushNotifications,
            agents.Find("news")!.Cards.PushNotifications));
    }

    [Fact]
    public void ANamedDefaultAgentHasTheSettingsOfTheDefaultAgentWhereItHasNoneOfItsOwn()
    {
        var agents = Agents(
            services => services.AddAgent<PacedAgent>("weather").AddAgent<PacedAgent>("news"),
            ("A2A:Agent:Name", "The default"), ("A2A:Agent:Description", "d"), ("A2A:Agent:Skills:0:Id", "s"),
            ("A2A:Agent:Skills:0:Name", "S"),
            ("A2A:Agents:weather:Name", "Weather"), ("A2A:Agents:weather:Skills:0:Id", "rain"),
            ("A2A:Agents:weather:Skills:0:Name", "Rain"));

        var weather = CardOf(agents, "weather");
        Assert.Equal(
            ("Weather", "d", "rain", "Rain"), (weather.Name, weather.Description, weather.Skills.Single().Id, weather.Skills[0].Name));
        Assert.NotEqual("d", CardOf(agents, "news").Description);
    }

    /// <summary>By index they would be mixed.</summary>
    [Fact]
    public void AListOfItsOwnReplacesTheInheritedOne()
    {
        var agents = Agents(
            services => services.AddAgent<PacedAgent>("weather"),
            ("A2A:Agent:InputModes:0", "text/plain"), ("A2A:Agent:InputModes:1", "image/png"),
            ("A2A:Agents:weather:InputModes:0", "audio/*"),
            ("A2A:Agent:OutputModes:0", "text/plain"), ("A2A:Agent:OutputModes:1", "image/png"),
            ("A2A:Agent:Skills:0:Id", "a"), ("A2A:Agent:Skills:0:Name", "A"), ("A2A:Agent:Skills:0:Tags:0", "t"),
            ("A2A:Agent:Skills:1:Id", "b"), ("A2A:Agent:Skills:1:Name", "B"),
            ("A2A:Agents:Weather:skills:0:Id", "rain"), ("A2A:Agents:Weather:skills:0:Name", "Rain"),
            ("A2A:Agent:ExtendedCard", "true"), ("A2A:Agent:Extended:Description", "more"),
            ("A2A:Agent:Extended:Skills:0:Id", "x"), ("A2A:Agent:Extended:Skills:0:Name", "X"), ("A2A:Agent:Extended:Skills:1:Id", "y"),
            ("A2A:Agent:Extended:Skills:1:Name", "Y"),
            ("A2A:Agents:weather:Extended:Skills:0:Id", "snow"), ("A2A:Agents:weather:Extended:Skills:0:Name", "Snow"));

        var card = agents.Default.Cards.Extended(new Uri("https://here.example/"));
        Assert.Equal((string[])["rain", "snow"], card.Skills.Select(skill => skill.Id));
        Assert.Empty(card.Skills[0].Tags);
        Assert.Equal((string[])["audio/*"], card.DefaultInputModes);
        Assert.Equal((string[])["text/plain", "image/png"], card.DefaultOutputModes);
        Assert.Equal("more", card.Description);
    }

    [Fact]
    public void CodeConfiguresANamedDefaultAgentUnderItsName()
    {
        var agents = Agents(
            services => services.AddAgent<PacedAgent>("weather")
            .Configure<AgentCardOptions>("weather", card => card.Description = "by code"));
        Assert.Equal("by code", CardOf(agents, "weather").Description);
    }

    /// <summary>The functions add what code configures before the settings, an ASP.NET Core application after them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ANameThatCodeGivesStays(bool isFirst)
    {
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection().AddLogging();
        if (isFirst)
            services.Configure<AgentCardOptions>("weather", card => card.Name = "By code");
        services.AddServerlessA2A(configuration).AddInMemoryTasks(configuration).AddAgent<PacedAgent>("weather");
        if (!isFirst)
            services.Configure<AgentCardOptions>("weather", card => card.Name = "By code");

        Assert.Equal("By code", CardOf(services.BuildServiceProvider().GetRequiredService<HostedAgents>(), "weather").Name);
    }

    [Theory]
    [InlineData("A2A:Agents:weather:PublicUrl", "agent.example",
        "A2A:Agents:weather:PublicUrl (A2A__Agents__weather__PublicUrl) is 'agent.example': set an absolute")]
    [InlineData("A2A:Agents:weather:Name", " ", "A2A:Agents:weather:Name (A2A__Agents__weather__Name) is ' ': give the agent a name.")]
    [InlineData("A2A:Agents:weather:InputModes:0", "x", "A2A:Agents:weather:InputModes:0 (A2A__Agents__weather__InputModes__0) is 'x'")]
    [InlineData("A2A:Agents:weather:Skills:0:Id", "x", "A2A:Agents:weather:Skills:0 (A2A__Agents__weather__Skills__0) has the Id 'x'")]
    [InlineData("A2A:Agents:weather:Extensions:0:Uri", "x",
        "A2A:Agents:weather:Extensions:0:Uri (A2A__Agents__weather__Extensions__0__Uri) is 'x'")]
    [InlineData("A2A:Agents:weather:Extended:Description", "x",
        "A2A:Agents:weather:ExtendedCard (A2A__Agents__weather__ExtendedCard) is False")]
    [InlineData("A2A:Agents:weather:InputModes", "text/plain",
        "A2A:Agents:weather:InputModes (A2A__Agents__weather__InputModes) is a single text but must be a list")]
    [InlineData("A2A:Agents:wether:Name", "x",
        "A2A:Agents:wether (A2A__Agents__wether) is set, but the program has no agent 'wether': its agents are weather, news.")]
    public void AFaultNamesTheSettingWhenTheProgramStarts(string setting, string value, string expected)
    {
        var provider = Services((setting, value)).AddAgent<PacedAgent>().AddAgent<PacedAgent>("weather").AddAgent<PacedAgent>("news")
            .BuildServiceProvider();
        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.StartsWith(expected, Assert.Single(fault.Failures), StringComparison.Ordinal);
    }

    /// <summary>Under the name of the setting that is set, and once, however many agents inherit it.</summary>
    [Theory]
    [InlineData("PublicUrl", "agent.example")]
    [InlineData("PublicUrl", "https://agent.example/?x")]
    [InlineData("CardUrl", "agent.example")]
    [InlineData("Name", " ")]
    [InlineData("Skills:0:Id", "x")]
    [InlineData("InputModes:0", "x")]
    [InlineData("Extended:Description", "x")]
    [InlineData("ProviderUrl", "x")]
    public void AnInheritedFaultNamesTheSettingThatIsSet(string setting, string value)
    {
        Action<IServiceCollection>[] programs =
            [services => services.AddAgent<PacedAgent>().AddAgent<PacedAgent>("weather"), services =>
                services.AddAgent<PacedAgent>("weather").AddAgent<PacedAgent>("news")];
        foreach (var add in programs)
        {
            var services = Services(($"A2A:Agent:{setting}", value), ("A2A:Agents:weather:Description", "d"));
            add(services);
            var fault = Assert.Throws<OptionsValidationException>(
                () => services.BuildServiceProvider().GetRequiredService<IStartupValidator>().Validate());
            Assert.StartsWith("A2A:Agent:", Assert.Single(fault.Failures), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FaultsOfANamedDefaultAgentsOwnAreStillReported()
    {
        var provider = Services(("A2A:Agent:PublicUrl", "agent.example"), ("A2A:Agents:weather:PublicUrl", "weather.example"))
            .AddAgent<PacedAgent>("weather").BuildServiceProvider();
        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<HostedAgents>());
        Assert.StartsWith(
            "A2A:Agents:weather:PublicUrl (A2A__Agents__weather__PublicUrl) is 'weather.example'", Assert.Single(fault.Failures),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ASettingOfANamedAgentWhereNoneHasANameIsAFaultToo()
    {
        var provider = Services(("A2A:Agents:weather:Name", "x")).AddAgent<PacedAgent>().BuildServiceProvider();
        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("none of its agents has a name", Assert.Single(fault.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void AValueOfTheWrongTypeNamesItsSetting()
    {
        var provider = Services(("A2A:Agents:weather:Streaming", "maybe")).AddAgent<PacedAgent>().AddAgent<PacedAgent>("weather")
            .BuildServiceProvider();
        var fault = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("A2A:Agents:weather:Streaming", fault.Message, StringComparison.Ordinal);
    }

    private static AgentCard CardOf(HostedAgents agents, string name) => agents.Find(name)!.Cards.Public(new Uri("https://here.example/"));

    private static HostedAgents Agents(Action<IServiceCollection> add, params (string Name, string? Value)[] settings)
    {
        var services = Services(settings);
        add(services);
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        return provider.GetRequiredService<HostedAgents>();
    }

    private static IServiceCollection Services(params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).Build();
        return new ServiceCollection().AddLogging().AddServerlessA2A(configuration).AddInMemoryTasks(configuration);
    }
}
