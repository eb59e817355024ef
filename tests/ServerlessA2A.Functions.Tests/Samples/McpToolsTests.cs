using ServerlessA2A.FakeVertex;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary>The agent calls a tool of an MCP server, which it starts.</summary>
public class McpToolsTests
{
    [Fact]
    public async Task TheAgentCallsTheServersTool()
    {
        await using var program = RunningProgram.Start(Programs.McpTools);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var done = (await client.CallAsync(Requests.Send("Europe/Rome")).WithinLimit("the answer comes")).GetProperty("task");

        Assert.Equal("TASK_STATE_COMPLETED", done.State());
        Assert.True(!OperatingSystem.IsLinux() || program.LoadedAssemblies.Contains("ModelContextProtocol.Core"));
        Assert.Matches(@"^The clock says [0-2]\d:[0-5]\d\.$", done.ArtifactText());
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }

    [Fact]
    public async Task GeminiCallsTheServersTool()
    {
        await using var vertex = await FakeVertexAI.StartAsync();
        vertex.Enqueue(ModelTurn.Call("get_time", new { zone = "Etc/UTC" }), ModelTurn.Say("It is late."));
        await using var program = RunningProgram.Start(
            Programs.McpTools, target: null,
            ("A2A__Gemini__Model", "gemini-test"), ("GOOGLE_CLOUD_PROJECT", "somebodys"), ("A2A__Gemini__Endpoint", vertex.Endpoint));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var done = (await client.CallAsync(Requests.Send("How late is it?")).WithinLimit("the answer comes")).GetProperty("task");

        Assert.Equal(("TASK_STATE_COMPLETED", "It is late."), (done.State(), done.ArtifactText()));
        Assert.Matches(
            @"^\d\d:\d\d$", vertex.Calls[1].Request.Contents[^1].Parts[0].FunctionResponse.Response.Fields["output"].StringValue);
    }
}
