using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Chat.Tests.Scripted;

namespace ServerlessA2A.Chat.Tests.Mcp;

public class McpOptionsTests
{
    private const string Https = "https://mcp.example.com/mcp";

    [Fact]
    public void ServersAreReadFromTheSettingsAndCodeAddsMore()
    {
        using var provider = Provider(
            [
                ("0:Name", "web"), ("0:Url", Https), ("0:Headers:X-Api-Key", "key"), ("0:Tools:0", "search"), ("0:TimeLimit", "00:00:05"),
                ("1:Name", "local"), ("1:Command", "npx"), ("1:Arguments:0", "-y"), ("1:Environment:DEBUG", "1"),
            ],
            services => services.AddMcpTools(server => (server.Name, server.Url) = ("code", Https)));

        var servers = provider.GetRequiredService<IOptions<McpOptions>>().Value.Servers.OrderBy(server => server.Name).ToList();

        Assert.Equal(["code", "local", "web"], servers.Select(server => server.Name));
        var (local, web) = (servers[1], servers[2]);
        Assert.Equal((Https, TimeSpan.FromSeconds(5), false), (web.Url, web.TimeLimit, web.ForwardAccessToken));
        Assert.Equal(("key", "search"), (web.Headers["x-api-key"], web.Tools.Single()));
        Assert.Equal(("npx", "-y", "1"), (local.Command, local.Arguments.Single(), local.Environment["DEBUG"]));
    }

    [Theory]
    [InlineData("A2A:Mcp:Servers:0:Name (A2A__Mcp__Servers__0__Name) is not set", "Url", Https)]
    [InlineData("A2A:Mcp:Servers:0:Name (A2A__Mcp__Servers__0__Name) is 'a b'", "Name", "a b", "Url", Https)]
    [InlineData("A2A:Mcp:Servers:0:Url (A2A__Mcp__Servers__0__Url) is not set", "Name", "a")]
    [InlineData("A2A:Mcp:Servers:0:Url (A2A__Mcp__Servers__0__Url) is 'mcp.example.com'", "Name", "a", "Url", "mcp.example.com")]
    [InlineData("A2A:Mcp:Servers:0:Url (A2A__Mcp__Servers__0__Url) is 'ftp://example.com/'", "Name", "a", "Url", "ftp://example.com/")]
    [InlineData("not both.", "Name", "a", "Url", Https, "Command", "npx")]
    [InlineData("(A2A__Mcp__Servers__0__Arguments__0) is '-y'", "Name", "a", "Url", Https, "Arguments:0", "-y")]
    [InlineData("(A2A__Mcp__Servers__0__Environment__B) is set", "Name", "a", "Url", Https, "Environment:B", "c")]
    [InlineData("(A2A__Mcp__Servers__0__Headers__B) is set", "Name", "a", "Command", "npx", "Headers:B", "c")]
    [InlineData("(A2A__Mcp__Servers__0__Headers__B) is not a header", "Name", "a", "Url", Https, "Headers:B", "c\nd")]
    [InlineData("(A2A__Mcp__Servers__0__Headers__B C) is not a header", "Name", "a", "Url", Https, "Headers:B C", "d")]
    [InlineData("(A2A__Mcp__Servers__0__TimeLimit) is 00:00:00", "Name", "a", "Url", Https, "TimeLimit", "00:00:00")]
    [InlineData("set an https address", "Name", "a", "Url", "http://example.com", "ForwardAccessToken", "true")]
    [InlineData("set an https address", "Name", "a", "Command", "npx", "ForwardAccessToken", "true")]
    [InlineData("which it would replace", "Name", "a", "Url", Https, "ForwardAccessToken", "true", "Headers:authorization", "b")]
    [InlineData("(A2A__Security__ForwardAccessToken) is not true", "Name", "a", "Url", Https, "ForwardAccessToken", "true")]
    public void AFaultNamesTheSettingTheValueAndTheRemedy(string expected, params string[] settings)
    {
        using var provider = Provider(settings.Chunk(2).Select(pair => ($"0:{pair[0]}", pair[1])));

        var faults = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<McpOptions>>().Value).Failures;

        Assert.Single(faults, fault => fault.Contains(expected, StringComparison.Ordinal));
        // A header's value may be a secret.
        Assert.DoesNotContain(faults, fault => fault.Contains("c\nd", StringComparison.Ordinal));
    }

    [Fact]
    public void TwoServersHaveTwoNames()
    {
        using var provider = Provider([("0:Name", "a"), ("0:Url", Https), ("1:Name", "A"), ("1:Url", Https)]);

        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<McpOptions>>().Value);

        Assert.Equal(
            "A2A:Mcp:Servers:1:Name (A2A__Mcp__Servers__1__Name) is 'A': give each server a unique name.", Assert.Single(fault.Failures));
    }

    [Fact]
    public void FaultsAreReportedAtStart()
    {
        using var provider = Provider([("0:Name", "a")]);

        Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);
    }

    [Fact]
    public void AServerOnThisMachineMayGetTokensWithoutTls()
    {
        using var provider = Provider(
            [("0:Name", "a"), ("0:Url", "http://127.0.0.1:5000/mcp"), ("0:ForwardAccessToken", "true")],
            services => services.Configure<Security.SecurityOptions>(security => security.ForwardAccessToken = true));

        Assert.True(Assert.Single(provider.GetRequiredService<IOptions<McpOptions>>().Value.Servers).ForwardAccessToken);
    }

    private static ServiceProvider Provider(IEnumerable<(string Name, string Value)> settings, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"A2A:Mcp:Servers:{setting.Name}", (string?)setting.Value))).Build());
        services.AddChatAgent(_ => new ScriptedModel());
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }
}
