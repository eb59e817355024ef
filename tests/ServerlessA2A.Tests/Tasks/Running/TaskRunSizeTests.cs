using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>How much an agent may make.</summary>
public class TaskRunSizeTests : TaskEngineTests
{
    private const string TooLarge =
        "The task's artifacts are larger than 10 bytes, the most that a task can hold.";

    public TaskRunSizeTests() => Engine = EngineWith(new TaskOptions { MaxArtifactSize = 10 });

    public static TheoryData<int, AgentUpdate[]> Artifacts => new()
    {
        { 10, [AgentUpdate.Artifact("a", "1234567890")] },
        { 11, [AgentUpdate.Artifact("a", "12345678901")] },
        // Bytes, not characters.
        { 10, [AgentUpdate.Artifact("a", "größe"), AgentUpdate.Artifact("b", "abc")] },
        { 11, [AgentUpdate.Artifact("a", "größe"), AgentUpdate.Artifact("b", "abcd")] },
        { 12, [AgentUpdate.Artifact("a", "🙂🙂🙂")] },
        // All that a part can hold counts.
        { 10, [AgentUpdate.Artifact("a", [Part.FromBytes(new byte[10])])] },
        { 11, [AgentUpdate.Artifact("a", [Part.FromBytes(new byte[11])])] },
        { 10, [AgentUpdate.Artifact("a", [Part.FromUri("https://ab")])] },
        { 11, [AgentUpdate.Artifact("a", [Part.FromUri("https://abc")])] },
        { 10, [AgentUpdate.Artifact("a", [Part.FromData(JsonElement.Parse("[1,2,3, 4]"))])] },
        { 11, [AgentUpdate.Artifact("a", [Part.FromData(JsonElement.Parse("[1,2,3,  4]"))])] },
        // So does what is appended, and what is replaced counts no more.
        { 10, [AgentUpdate.Append("a", "12345"), AgentUpdate.Append("a", "67890")] },
        { 11, [AgentUpdate.Append("a", "12345"), AgentUpdate.Append("a", "678901")] },
        { 10, [AgentUpdate.Artifact("a", "123456789"), AgentUpdate.Artifact("a", "1"), AgentUpdate.Artifact("b", "123456789")] },
        { 11, [AgentUpdate.Artifact("a", "1"), AgentUpdate.Artifact("a", "12"), AgentUpdate.Artifact("b", "123456789")] },
    };

    [Theory]
    [MemberData(nameof(Artifacts))]
    public async Task ATaskWhoseArtifactsAreTooLargeFailsAndNamesTheLimit(int size, AgentUpdate[] updates)
    {
        var task = await RunAsync(updates);
        Assert.Equal(size > 10 ? TaskState.Failed : TaskState.Completed, task.State);
        if (size > 10)
            Assert.Equal(TooLarge, TextOf(task));
    }

    [Fact]
    public async Task WhatWasSaidBeforeItWasTooMuchStays()
    {
        var task = await RunAsync(
            AgentUpdate.Append("a", "12345"), AgentUpdate.Report("busy"), AgentUpdate.Append("a", "678"), AgentUpdate.Append("a", "901"));
        Assert.Equal((TaskState.Failed, "12345678"), (task.State, task.Task.Artifacts![0].Parts[0].Text));
    }

    [Fact]
    public async Task TheArtifactsOfEarlierRunsCount()
    {
        var task = await RunAsync(AgentUpdate.Artifact("a", "123456"), AgentUpdate.Ask("more?"));
        await Engine.SendAsync("yes", task.Id);
        await Engine.RunAsync(
            ScriptedAgent.Saying(AgentUpdate.Artifact("a", "1234567"), AgentUpdate.Artifact("b", "123"), AgentUpdate.Artifact("c", "x")),
            task.Id);
        task = await Engine.ReadAsync(task.Id);
        Assert.Equal(
            (TaskState.Failed, "a b"), (task.State, string.Join(' ', task.Task.Artifacts!.Select(artifact => artifact.ArtifactId))));
    }
}
