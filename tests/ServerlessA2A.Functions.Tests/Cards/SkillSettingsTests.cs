using System.Text.Json.Nodes;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Cards;

/// <summary>
/// .NET merges lists item by item: what is set by environment variables must not inherit from a sample in the settings that ship.
/// </summary>
public class SkillSettingsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("ServerlessA2A.Functions.AgentCardFunction")]
    public async Task ASkillSetByEnvironmentVariablesIsWhatTheySay(string? target)
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, target, ("A2A__Agent__Skills__0__Id", "weather"), ("A2A__Agent__Skills__0__Name", "Weather"));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var card = JsonNode.Parse(await client.GetStringAsync(".well-known/agent-card.json"))!;

        Assert.Equal("""[{"id":"weather","name":"Weather","description":"","tags":[]}]""", card["skills"]!.ToJsonString());
    }

    [Fact]
    public async Task TheSettingsThatShipHaveNoLists()
    {
        var file = Path.Combine(Repository.Root, "functions", "Agent", "appsettings.json");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(file))!;

        Assert.NotNull(settings["A2A"]!["Agent"]!["Name"]);
        Assert.Empty(ListsIn(settings));
    }

    private static IEnumerable<string> ListsIn(JsonNode? node) => node switch
    {
        JsonArray list => [list.GetPath()],
        JsonObject members => members.SelectMany(member => ListsIn(member.Value)),
        _ => [],
    };
}
