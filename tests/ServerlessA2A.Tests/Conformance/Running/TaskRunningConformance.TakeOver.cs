using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <summary>A run that is lost in the middle: whatever it has said, the next one goes on from where the agent can.</summary>
public abstract partial class TaskRunningConformance
{
    [SkippableFact]
    public async Task AfterACrashWhatWasSaidSinceTheCheckpointIsSaidAgainAndStandsOnce()
    {
        var task = await One.SendAsync("hello");
        await LoseRunAsync(task.Id, Begin("a", "one "), AgentUpdate.SaveCheckpoint("1"), More("a", "two "));
        Assert.Equal("a:one two ", await TextsAsync(task.Id));

        var agent = ScriptedAgent.Saying(More("a", "two "), More("a", "three"));
        await Other.RunAsync(agent, task.Id);

        Assert.Equal("one ", StreamedArtifacts.TextOf(Assert.Single(agent.Seen!.Artifacts)));
        Assert.Equal("a:one two three", await TextsAsync(task.Id));
        Assert.Equal(
            "MessageReceived RunStarted ArtifactUpdated CheckpointSaved ArtifactUpdated RunStarted ArtifactUpdated ArtifactUpdated " +
            "Completed",
            Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task AfterACrashWithoutACheckpointAllArtifactsAreBegunAnew()
    {
        var task = await One.SendAsync("hello");
        await LoseRunAsync(task.Id, Begin("a", "one "), More("a", "two"), AgentUpdate.Artifact("b", "never again"));

        var agent = ScriptedAgent.Saying(Begin("a", "one "), More("a", "two"));
        await Other.RunAsync(agent, task.Id);

        Assert.Empty(agent.Seen!.Artifacts);
        Assert.Equal("a:one two", await TextsAsync(task.Id));
    }

    [SkippableFact]
    public async Task AnArtifactThatWasBegunSinceTheCheckpointIsDroppedAndTheOthersStandAsTheyDid()
    {
        var task = await One.SendAsync("hello");
        await LoseRunAsync(
            task.Id, Begin("a", "1"), Begin("b", "2"), AgentUpdate.SaveCheckpoint("x"), Begin("c", "3"), More("b", "lost"),
            Begin("d", "4"));

        await Other.RunAsync(ScriptedAgent.Saying(Begin("d", "5"), More("b", "6"), AgentUpdate.Ask("more?")), task.Id);

        Assert.Equal("a:1 b:26 d:5", await TextsAsync(task.Id));
        var takeOver = (await One.EventsAsync(task.Id)).OfType<RunStarted>().Last();
        Assert.Equal(["c", "d"], takeOver.Dropped);
    }

    [SkippableFact]
    public async Task AnArtifactThatWasReplacedSinceTheCheckpointComesBackAndMayGrowOn()
    {
        var task = await One.SendAsync("hello");
        await LoseRunAsync(
            task.Id, Begin("a", "first"), AgentUpdate.SaveCheckpoint("x"), AgentUpdate.Artifact("a", "second, and its last chunk"));
        await Other.RunAsync(ScriptedAgent.Saying(More("a", " and more")), task.Id);
        Assert.Equal("a:first and more", await TextsAsync(task.Id));
    }

    [SkippableFact]
    public async Task ARunThatIsLostAfterATakeOverIsTakenBackToo()
    {
        var task = await One.SendAsync("hello");
        await LoseRunAsync(task.Id, Begin("a", "one "), AgentUpdate.SaveCheckpoint("1"), More("a", "two "), Begin("b", "x"));
        await LoseRunAsync(task.Id, More("a", "two "), More("a", "three "), Begin("b", "y"));

        var agent = ScriptedAgent.Saying(More("a", "two "), More("a", "three"), Begin("b", "z"));
        await Other.RunAsync(agent, task.Id);

        Assert.Equal(3, agent.Seen!.Attempt);
        Assert.Equal("a:one two three b:z", await TextsAsync(task.Id));
    }

    [SkippableFact]
    public async Task WhatWasTakenBackIsNotTakenBackAgain()
    {
        var task = await One.SendAsync("hello");
        await LoseRunAsync(task.Id, Begin("a", "one"), AgentUpdate.SaveCheckpoint("1"), More("a", " lost"), Begin("b", "lost"));
        await LoseRunAsync(task.Id);
        await LoseRunAsync(task.Id);
        await Other.RunAsync(ScriptedAgent.Saying(), task.Id);

        Assert.Equal("a:one", await TextsAsync(task.Id));
        var events = await One.EventsAsync(task.Id);
        Assert.Equal([0, 1, 0, 0], events.OfType<RunStarted>().Select(started => started.Dropped.Count));
        Assert.EndsWith(" RunStarted ArtifactUpdated RunStarted RunStarted Completed", Describe.Kinds(events), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task AnAnswerIsAPointToGoOnFromAsACheckpointIs()
    {
        var task = await One.SendAsync("hello");
        await One.RunAsync(
            ScriptedAgent.Saying(Begin("a", "one "), AgentUpdate.SaveCheckpoint("1"), More("a", "two "), AgentUpdate.Ask("more?")),
            task.Id);
        await One.SendAsync("yes", task.Id);
        await LoseRunAsync(task.Id, More("a", "three"));
        await Other.RunAsync(ScriptedAgent.Saying(More("a", "three")), task.Id);
        Assert.Equal("a:one two three", await TextsAsync(task.Id));
    }

    [SkippableFact]
    public async Task ARunWhoseTimeIsOverTakesBackWhatItSaidSinceTheCheckpointThatItHandsOver()
    {
        var task = await One.SendAsync("hello");
        var agent = new PacedAgent();
        var run = One.RunAsync(agent, task.Id);
        await agent.SayAsync(Begin("a", "one "));
        await agent.SayAsync(AgentUpdate.SaveCheckpoint("1"));
        await agent.SayAsync(More("a", "two "));
        // The note brings it to the log; what comes after it waits to be gathered.
        await agent.SayAsync(AgentUpdate.Report("busy"));
        await agent.SayAsync(More("a", "three "));
        Time.Advance(One.Settings.RunTimeLimit);
        await run.WithinLimit("the run hands over");
        var between = await Other.ReadAsync(task.Id);
        Assert.Equal((TaskState.Working, null, 0), (between.State, between.Lease, between.Attempts));
        Assert.Equal("a:one ", await TextsAsync(task.Id));

        await LoseRunAsync(task.Id, More("a", "two "));
        await Other.RunAsync(ScriptedAgent.Saying(More("a", "two "), More("a", "three")), task.Id);

        Assert.Equal("a:one two three", await TextsAsync(task.Id));
    }

    [SkippableFact]
    public async Task WhoStreamsThroughATakeOverPutsTheSameTogetherAsWhoPolls()
    {
        var streamed = new StreamedArtifacts();
        await using var stream = One.Lifecycle.SendStreamingAsync(TestEngine.Call(), TestEngine.Request("hello"), null, default)
            .GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        streamed.Add(stream.Current);
        var id = stream.Current.Response.Task!.Id;
        var reading = Task.Run(async () =>
        {
            while (await stream.MoveNextAsync())
                streamed.Add(stream.Current);
        });

        await LoseRunAsync(
            id, Begin("a", "one "), AgentUpdate.SaveCheckpoint("1"), More("a", "two "), Begin("b", "1"),
            AgentUpdate.Artifact("a", "replaced"));
        await LoseRunAsync(id, More("a", "two "), Begin("b", "1"), More("b", "2"));
        await Other.RunAsync(ScriptedAgent.Saying(More("a", "two "), Begin("b", "1"), More("b", "2"), More("a", "three")), id);
        await reading.WithinLimit("the stream ends");

        Assert.Equal("a:one two three b:12", string.Join(' ', streamed.Texts.Select(artifact => $"{artifact.Key}:{artifact.Value}")));
        Assert.Equal("a:one two three b:12", await TextsAsync(id));
    }

    private static ArtifactUpdate Begin(string artifactId, string text) => AgentUpdate.Append(artifactId, text) with { Append = false };

    private static ArtifactUpdate More(string artifactId, string text) => AgentUpdate.Append(artifactId, text);

    /// <summary>
    /// A run whose instance freezes, until the test is over, when all that its agent says is in the log; its lease has run out then.
    /// </summary>
    private async Task LoseRunAsync(string taskId, params AgentUpdate[] updates)
    {
        var clock = new ManualTimeProvider();
        clock.Advance(Time.GetUtcNow() - clock.GetUtcNow());
        var lost = new TestEngine(Store, Queue, clock, new TaskOptions { GatherInterval = TimeSpan.Zero });
        var agent = new PacedAgent();
        var end = new CancellationTokenSource();
        _lostRuns.Add((end, lost.RunAsync(agent, taskId, end.Token)));
        await agent.Began;
        foreach (var update in updates)
            await agent.SayAsync(update);
        Time.Advance(lost.Settings.LeaseDuration);
    }

    private async Task<string> TextsAsync(string taskId) => string.Join(
        ' ', (await Other.ReadAsync(taskId)).Task.Artifacts!.Select(artifact =>
        $"{artifact.ArtifactId}:{StreamedArtifacts.TextOf(artifact)}"));
}
