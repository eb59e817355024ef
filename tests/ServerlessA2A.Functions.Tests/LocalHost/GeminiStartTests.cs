using ServerlessA2A.FakeVertex;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.LocalHost;

/// <summary>Two environment variables put Gemini in the place of the agent that says that it is none.</summary>
public class GeminiStartTests
{
    [Fact]
    public async Task AModelAndAProjectAreAllThatItTakes()
    {
        await using var vertex = await FakeVertexAI.StartAsync();
        vertex.Enqueue(ModelTurn.Say("Hello from the model."));
        await using var program = RunningProgram.Start(
            Programs.Agent, target: null,
            ("A2A__Gemini__Model", "gemini-test"), ("GOOGLE_CLOUD_PROJECT", "somebodys"), ("A2A__Gemini__Endpoint", vertex.Endpoint));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var task = (await client.CallAsync(Requests.Send("Hi")).WithinLimit("the answer comes")).GetProperty("task");
        Assert.Equal(0, await program.StopAsync());

        Assert.Equal(("TASK_STATE_COMPLETED", "Hello from the model."), (task.State(), task.ArtifactText()));
        Assert.Equal("projects/somebodys/locations/global/publishers/google/models/gemini-test", Assert.Single(vertex.Calls).Request.Model);
        Assert.Contains("Model gemini-test in global, billed to project somebodys.", program.Output);
        Assert.Empty(program.LoggedErrors);
    }

    [Fact]
    public async Task WhatIsWrongWithItsSettingsIsToldAtStart()
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, target: null,
            ("A2A__Gemini__Model", "gemini-test"), ("A2A__Gemini__Temperature", "3"), ("A2A__Gemini__Safety__Rudeness", "Off"));

        Assert.Equal(1, await program.ExitAsync().WithinLimit("the program ends"));

        Assert.Contains(
            program.Errors, line => line.StartsWith("A2A:Gemini:ProjectId (A2A__Gemini__ProjectId) is not set", StringComparison.Ordinal));
        Assert.Contains(
            program.Errors, line => line.StartsWith("A2A:Gemini:Temperature (A2A__Gemini__Temperature) is 3", StringComparison.Ordinal));
        Assert.Contains(
            program.Errors, line =>
            line.StartsWith("A2A:Gemini:Safety:Rudeness (A2A__Gemini__Safety__Rudeness) is 'Off'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutCredentialsTheTaskSaysWhatIsMissing()
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, target: null,
            ("A2A__Gemini__Model", "gemini-test"), ("GOOGLE_CLOUD_PROJECT", "somebodys"),
            // No metadata server, and no file of a user's.
            ("NO_GCE_CHECK", "true"), ("HOME", "/nonexistent"), ("GOOGLE_APPLICATION_CREDENTIALS", ""),
                ("CLOUDSDK_CONFIG", "/nonexistent"));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var task = (await client.CallAsync(Requests.Send("Hi")).WithinLimit("the answer comes")).GetProperty("task");

        Assert.Equal("TASK_STATE_FAILED", task.State());
        Assert.Contains("gcloud auth application-default login", task.GetProperty("status").GetRawText(), StringComparison.Ordinal);
    }
}
