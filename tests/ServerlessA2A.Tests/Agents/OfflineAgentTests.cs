using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Agents;

public class OfflineAgentTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly TestEngine _engine;
    private readonly OfflineAgent _agent;

    public OfflineAgentTests() => (_engine, _agent) = (TestEngine.InMemory(_time), new OfflineAgent(_time));

    [Fact]
    public async Task ItAnswersAtOnceAndSaysThatItIsNoModel()
    {
        var task = await _engine.RunNewAsync(_agent, "hello");
        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal(
            "This is the offline agent, no model is configured. You sent \"hello\".", Assert.Single(task.Task.Artifacts!).Parts[0].Text);
    }

    [Fact]
    public async Task ItAsksBackOnceWhenItIsAskedTo()
    {
        var task = await _engine.RunNewAsync(_agent, "Ask me something");
        Assert.Equal(TaskState.InputRequired, task.State);
        await _engine.SendAsync("ask again", task.Id);
        await _engine.RunAsync(_agent, task.Id);
        task = await _engine.ReadAsync(task.Id);
        Assert.Equal(
            (TaskState.Completed, true),
            (task.State, task.Task.Artifacts![0].Parts[0].Text!.Contains("\"ask again\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ItAnswersWithMetadataAndDataWhenItIsAskedTo()
    {
        var task = await _engine.RunNewAsync(_agent, "Data please");
        var parts = Assert.Single(task.Task.Artifacts!).Parts;
        Assert.Equal("This is the offline agent, no model is configured. You sent \"Data please\".", parts[0].Text);
        Assert.Equal("""{"language":"en"}""", parts[0].Metadata!.Value.GetRawText());
        Assert.Equal("""{"model":null,"numbers":[1,2.5,-3],"nested":{"offline":true}}""", parts[1].Data!.Value.GetRawText());
    }

    [Fact]
    public async Task ItStreamsWordByWordWhenItIsAskedTo()
    {
        var task = (await _engine.SendAsync("slow please")).History![0];
        await using var updates = _agent.RunAsync(
            new AgentContext { TaskId = "t", ContextId = "c", Message = task, History = [task] }, default).GetAsyncEnumerator();
        var (said, begun) = (new List<ArtifactUpdate>(), _time.GetUtcNow());
        for (var next = updates.MoveNextAsync(); ; next = updates.MoveNextAsync())
        {
            if (said.Count > 0 && !said[^1].LastChunk)
            {
                // It pauses after each word.
                Assert.False(next.IsCompleted);
                _time.Advance(TimeSpan.FromMilliseconds(400));
            }

            if (!await next)
                break;
            said.Add((ArtifactUpdate)updates.Current);
        }

        Assert.Equal(
            "This is the offline agent, no model is configured. You sent \"slow please\".",
            string.Concat(said.Select(chunk => chunk.Content.Parts[0].Text)));
        Assert.Equal((said.Count - 1) * 400, (_time.GetUtcNow() - begun).TotalMilliseconds);
        Assert.Equal((false, true), (said[0].Append, said[^1].LastChunk));
    }
}
