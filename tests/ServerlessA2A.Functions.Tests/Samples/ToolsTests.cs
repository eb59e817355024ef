using ServerlessA2A.FakeVertex;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary>A tool is one method and one line.</summary>
public class ToolsTests
{
    [Fact]
    public async Task AToolAsksReportsAndIsDone()
    {
        await using var vertex = await FakeVertexAI.StartAsync();
        vertex.Enqueue(ModelTurn.Call("book_flight", new { to = "FCO", on = "2026-12-24" }), ModelTurn.Say("Have a good flight."));
        await using var program = RunningProgram.Start(
            Programs.Tools, target: null,
            ("A2A__Gemini__Model", "gemini-test"), ("GOOGLE_CLOUD_PROJECT", "somebodys"), ("A2A__Gemini__Endpoint", vertex.Endpoint));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var asked = (await client.CallAsync(Requests.Send("To Rome for Christmas")).WithinLimit("the question comes")).GetProperty("task");
        var done = (await client.CallAsync(Requests.Send("yes", taskId: asked.GetProperty("id").GetString()))
            .WithinLimit("the answer comes")).GetProperty("task");

        Assert.Equal("TASK_STATE_INPUT_REQUIRED", asked.State());
        Assert.Contains(
            "Shall I book the flight to FCO on 2026-12-24?", asked.GetProperty("status").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(("TASK_STATE_COMPLETED", "Have a good flight."), (done.State(), done.ArtifactText()));
        // An agent without MCP servers does not pay for MCP.
        Assert.True(!OperatingSystem.IsLinux() || !program.LoadedAssemblies.Contains("ModelContextProtocol.Core"));
        Assert.Contains("Booking", done.GetProperty("history").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(
            "Booked. The reservation is A2A42.",
            vertex.Calls[1].Request.Contents[^1].Parts[0].FunctionResponse.Response.Fields["output"].StringValue);
        var parameters = vertex.Calls[0].Request.Tools[0].FunctionDeclarations[0].ParametersSchema()!.Value.GetProperty("properties");
        Assert.Equal(["on", "to"], parameters.EnumerateObject().Select(parameter => parameter.Name).Order());
        Assert.Equal("date", parameters.GetProperty("on").GetProperty("format").GetString());
    }
}
