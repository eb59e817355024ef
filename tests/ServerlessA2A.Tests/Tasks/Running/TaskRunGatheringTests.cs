using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>How chunks of artifacts are put together before they are appended.</summary>
public class TaskRunGatheringTests : TaskEngineTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private readonly PacedAgent _agent = new();
    private string _id = "";
    private Task _run = Task.CompletedTask;

    [Fact]
    public async Task ChunksThatComeWithinTheIntervalAreAppendedAsOne()
    {
        await BeginAsync();
        await _agent.SayAsync(AgentUpdate.Append("a", "one "));
        Time.Advance(Interval / 2);
        await _agent.SayAsync(AgentUpdate.Append("a", "two"));
        // The interval is counted from the first chunk that waits.
        await Time.WaitForTimerAsync(Interval / 2);
        Time.Advance((Interval / 2) - TimeSpan.FromMilliseconds(1));
        await _agent.SayAsync(AgentUpdate.Append("a", " three"));
        Assert.Equal(2, (await Engine.ReadAsync(_id)).Seq);

        Time.Advance(TimeSpan.FromMilliseconds(1));

        var entry = Assert.Single(await Store.WatchUntilAsync(_id, 2, _ => true));
        Assert.Equal("one two three", ((ArtifactUpdated)Assert.Single(entry.Events)).Artifact.Parts[0].Text);
        await EndAsync();
    }

    [Fact]
    public async Task TheNextIntervalBeginsWithTheNextChunk()
    {
        await BeginAsync();
        foreach (var text in new[] { "one", "two" })
        {
            await _agent.SayAsync(AgentUpdate.Artifact("a", text));
            await Time.WaitForTimerAsync(Interval);
            Time.Advance(Interval);
            await Engine.WaitForAsync(
                _id, taskEvent => taskEvent is ArtifactUpdated { Artifact.Parts: [{ Text: var said }] } && said == text);
            Time.Advance(Interval);
        }

        await EndAsync();
        Assert.Equal([1, 1, 1, 1, 1], await EntrySizesAsync());
    }

    [Fact]
    public async Task ChunksThatTogetherReachTheSizeAreAppendedWithoutWaiting()
    {
        await BeginAsync(new TaskOptions { GatherSize = 10 });
        await _agent.SayAsync(AgentUpdate.Append("a", "123456789"));
        Assert.Equal(2, (await Engine.ReadAsync(_id)).Seq);
        await _agent.SayAsync(AgentUpdate.Append("a", "0"));
        Assert.Equal(3, (await Engine.ReadAsync(_id)).Seq);
        // What was appended no longer counts.
        await _agent.SayAsync(AgentUpdate.Append("a", "123456789"));
        Assert.Equal(3, (await Engine.ReadAsync(_id)).Seq);
        await EndAsync();
    }

    [Fact]
    public async Task BytesCountForTheSizeAsCharactersDo()
    {
        await BeginAsync(new TaskOptions { GatherSize = 10 });
        await _agent.SayAsync(AgentUpdate.Artifact("a", [Part.FromBytes(new byte[10])]));
        Assert.Equal(3, (await Engine.ReadAsync(_id)).Seq);
        await EndAsync();
    }

    [Fact]
    public async Task WithoutAnIntervalEachChunkIsAppendedAtOnce()
    {
        await BeginAsync(new TaskOptions { GatherInterval = TimeSpan.Zero });
        await _agent.SayAsync(AgentUpdate.Append("a", "1"));
        await _agent.SayAsync(AgentUpdate.Append("a", "2"));
        Assert.Equal(4, (await Engine.ReadAsync(_id)).Seq);
        await EndAsync();
    }

    [Fact]
    public async Task WhatWaitsIsAppendedInOneEntryWithWhateverComesNext()
    {
        await BeginAsync();
        await _agent.SayAsync(AgentUpdate.Artifact("a", "1"));
        await _agent.SayAsync(AgentUpdate.Report("busy"));
        await _agent.SayAsync(AgentUpdate.Artifact("b", "2"));
        await _agent.SayAsync(AgentUpdate.Artifact("c", "3"));
        await _agent.SayAsync(AgentUpdate.SaveCheckpoint("x"));
        await _agent.SayAsync(AgentUpdate.Artifact("d", "4"));
        await EndAsync();
        Assert.Equal([1, 1, 2, 3, 2], await EntrySizesAsync());
        Assert.Equal(
            "MessageReceived RunStarted ArtifactUpdated Working ArtifactUpdated ArtifactUpdated CheckpointSaved ArtifactUpdated Completed",
            Describe.Kinds(await Engine.EventsAsync(_id)));
    }

    [Fact]
    public async Task ChunksOfTwoArtifactsKeepTheirOrder()
    {
        await BeginAsync();
        await _agent.SayAsync(AgentUpdate.Append("a", "1"));
        await _agent.SayAsync(AgentUpdate.Append("b", "2"));
        await _agent.SayAsync(AgentUpdate.Append("a", "3"));
        await EndAsync();
        Assert.Equal(
            ["1", "2", "3"], (await Engine.EventsAsync(_id)).OfType<ArtifactUpdated>().Select(update => update.Artifact.Parts[0].Text));
        Assert.Equal("13", (await Engine.ReadAsync(_id)).Task.Artifacts![0].Parts[0].Text);
    }

    [Fact]
    public async Task WhatAnAgentDoesToItsBuffersAfterwardsChangesNothing()
    {
        var (bytes, parts, checkpoint) = (new byte[] { 1 }, new List<Part>(), new byte[] { 1 });
        parts.Add(Part.FromBytes(bytes));
        System.Text.Json.JsonDocument? document = System.Text.Json.JsonDocument.Parse("""{"a":1}""");
        await BeginAsync();
        await _agent.SayAsync(AgentUpdate.Artifact("a", parts));
        await _agent.SayAsync(
            AgentUpdate.Artifact(
            new Artifact { ArtifactId = "b", Parts = [Part.FromData(document.RootElement)], Metadata = document.RootElement }));
        await _agent.SayAsync(AgentUpdate.SaveCheckpoint(checkpoint));
        bytes[0] = checkpoint[0] = 2;
        parts.Clear();
        document.Dispose();
        await EndAsync();

        var task = await Engine.ReadAsync(_id);
        Assert.Equal(1, task.Task.Artifacts![0].Parts[0].Raw!.Value.Span[0]);
        Assert.Equal("""{"a":1}""", task.Task.Artifacts[1].Metadata!.Value.GetRawText());
        Assert.Equal("""{"a":1}""", task.Task.Artifacts[1].Parts[0].Data!.Value.GetRawText());
        Assert.Equal(1, task.Checkpoint!.Value.Span[0]);
    }

    private async Task BeginAsync(TaskOptions? options = null)
    {
        Engine = EngineWith(options ?? new TaskOptions());
        _id = (await Engine.SendAsync("hello")).Id;
        _run = Engine.RunAsync(_agent, _id);
        await _agent.Began;
    }

    private async Task EndAsync()
    {
        _agent.End();
        await _run.WithinLimit("the run ends");
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(_id)).State);
    }

    private async Task<IEnumerable<int>> EntrySizesAsync()
    {
        var last = (await Engine.ReadAsync(_id)).Seq;
        return (await Store.WatchUntilAsync(_id, 0, entry => entry.Last >= last)).Select(entry => entry.Events.Count);
    }
}
