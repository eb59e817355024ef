using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary>Two public extensions as code.</summary>
public class ExtensionsTests
{
    private const string Timestamp = "github.com/a2aproject/a2a-samples/extensions/timestamp/v1";
    private const string Traceability = "github.com/a2aproject/a2a-samples/extensions/traceability/v1";

    [Fact]
    public async Task ArtifactsHaveATimestampAndTheStepsThatLedToThem()
    {
        await using var program = RunningProgram.Start(Programs.Extensions);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        client.DefaultRequestHeaders.Add("A2A-Extensions", [$"https://{Timestamp}", $"https://{Traceability}"]);

        var card = await client.GetFromJsonAsync<JsonElement>(new Uri("/.well-known/agent-card.json", UriKind.Relative));
        var artifact = (await client.CallAsync(Requests.Send("Roll"))).GetProperty("task").GetProperty("artifacts")[0];

        Assert.Equal(
            [$"https://{Timestamp}", $"https://{Traceability}"],
            card.GetProperty("capabilities").GetProperty("extensions").EnumerateArray()
            .Select(each => each.GetProperty("uri").GetString()));
        Assert.Equal(2, artifact.GetProperty("extensions").GetArrayLength());
        var metadata = artifact.GetProperty("metadata");
        var time = DateTimeOffset.Parse(metadata.GetProperty($"{Timestamp}/timestamp").GetString()!, CultureInfo.InvariantCulture);
        var steps = metadata.GetProperty($"{Traceability}/traceability").GetProperty("steps");
        Assert.Equal(2, steps.GetArrayLength());
        Assert.All(steps.EnumerateArray(), step => Assert.True(step.GetProperty("end_time").GetDateTimeOffset() <= time));
        Assert.InRange(int.Parse(artifact.GetProperty("parts")[0].GetProperty("text").GetString()!, CultureInfo.InvariantCulture), 2, 12);
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }
}
