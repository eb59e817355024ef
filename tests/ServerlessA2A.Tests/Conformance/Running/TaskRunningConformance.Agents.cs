using System.Text;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <content>Several agents: each task is run by the agent that it was sent to, and is there at no other.</content>
public abstract partial class TaskRunningConformance
{
    [SkippableFact]
    public async Task EachTaskIsRunByTheAgentThatItWasSentTo()
    {
        var engine = Several("", "weather", "news");
        var tasks = new List<A2ATask>();
        foreach (var name in (string[])["news", "", "weather"])
            tasks.Add(await engine.Lifecycle.SendTaskAsync(TestEngine.CallOf(name), TestEngine.Request(name), default));

        // Another instance, whose default is another one.
        var runner = Several("weather", "news", "").RunnerOf(("weather", Named("weather")), ("news", Named("news")), ("", Named("")));
        foreach (var task in tasks)
            await runner.RunAsync(new RunRequest(task.Id), default);

        foreach (var task in tasks)
            Assert.Equal(task.History![0].Parts[0].Text, (await engine.ReadAsync(task.Id)).Task.Artifacts![0].Parts[0].Text);
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("weather")]
    public async Task AnAgentIsToldItsName(string name)
    {
        var engine = Several("", "weather");
        var agent = ScriptedAgent.Saying();
        var task = await engine.Lifecycle.SendTaskAsync(TestEngine.CallOf(name), TestEngine.Request("hello"), default);
        await engine.RunnerOf(agent).RunAsync(new RunRequest(task.Id), default);

        Assert.Equal(name, agent.Seen!.AgentName);
    }

    [SkippableFact]
    public async Task ATaskOfOneAgentIsNotThereAtAnotherNorInItsListsAndMessagesClaimTasksForOneAgent()
    {
        var engine = Several("", "weather", "news");
        var made = new Dictionary<string, string>();
        var messageId = TestEngine.NewId();
        foreach (var name in (string[])["", "weather", "news"])
            made[name] = (
                await engine.Lifecycle.SendTaskAsync(CallOf(name), TestEngine.Request("hello", messageId: messageId, contextId: "c"),
                default)).Id;

        Assert.Equal(3, made.Values.Distinct().Count());
        foreach (var (name, taskId) in made)
        {
            Assert.Equal(
                taskId, (await engine.Lifecycle.SendTaskAsync(CallOf(name),
                TestEngine.Request("hello", messageId: messageId, contextId: "c"), default)).Id);
            Assert.Equal(
                taskId, Assert.Single(
                (await engine.Lifecycle.ListAsync(CallOf(name), new ListTasksRequest { ContextId = "c" }, default)).Tasks).Id);
            foreach (var other in made.Keys.Where(other => other != name))
            {
                var fault = await Assert.ThrowsAsync<A2AException>(
                    () => engine.Lifecycle.GetAsync(CallOf(other), new GetTaskRequest { Id = taskId }, default));
                Assert.Equal(A2AError.TaskNotFound, fault.Error);
            }
        }

        // Its own in each test: the store may be shared.
        CallContext CallOf(string agent) =>
            TestEngine.CallOf(agent) with { Caller = TestEngine.CallOf(agent).Caller with { Name = messageId } };
    }

    [SkippableFact]
    public async Task EarlierTasksAreThoseOfTheSameAgent()
    {
        var engine = Several("", "weather");
        var context = TestEngine.NewId();
        foreach (var (name, text) in new[] { ("", "one"), ("weather", "two"), ("weather", "three") })
            await engine.Lifecycle.SendTaskAsync(TestEngine.CallOf(name), TestEngine.Request(text, contextId: context), default);
        var last = await engine.Lifecycle.SendTaskAsync(
            TestEngine.CallOf("weather"), TestEngine.Request("four", contextId: context), default);
        var agent = ScriptedAgent.Saying();
        await engine.RunnerOf(agent).RunAsync(new RunRequest(last.Id), default);

        var earlier = await agent.Seen!.ReadEarlierTasksAsync(10);

        Assert.Equal(
            ["three", "two"], earlier.Select(task => task.History![0].Parts[0].Text).OrderBy(text => text, StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task TheEarlierCheckpointIsThatOfTheConversationsNewestCompletedTask()
    {
        var engine = Several("", "weather");
        var context = TestEngine.NewId();
        await RunAsync("weather", AgentUpdate.SaveCheckpoint("one"), AgentUpdate.Complete());
        Time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync("weather", AgentUpdate.SaveCheckpoint("two"), AgentUpdate.Complete());
        Time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync("weather", AgentUpdate.SaveCheckpoint("failed"), AgentUpdate.Fail("broken"));
        await RunAsync("weather", AgentUpdate.SaveCheckpoint("asks"), AgentUpdate.Ask("Which?"));
        await RunAsync("", AgentUpdate.SaveCheckpoint("of another agent"), AgentUpdate.Complete());

        var seen = (await RunAsync("weather")).Seen!;
        var checkpoint = await seen.ReadEarlierCheckpointAsync();
        context = TestEngine.NewId();
        var none = await (await RunAsync("weather")).Seen!.ReadEarlierCheckpointAsync();

        Assert.Null(seen.Checkpoint);
        Assert.Equal("two", Encoding.UTF8.GetString(checkpoint!.Value.Span));
        Assert.Null(none);

        async Task<ScriptedAgent> RunAsync(string name, params AgentUpdate[] updates)
        {
            var agent = ScriptedAgent.Saying(updates);
            var task = await engine.Lifecycle.SendTaskAsync(TestEngine.CallOf(name), TestEngine.Request("go", contextId: context), default);
            await engine.RunnerOf(agent).RunAsync(new RunRequest(task.Id), default);
            return agent;
        }
    }

    [SkippableFact]
    public async Task AnAgentThatCannotBeMadeUsesUpNoAttemptAndIsTriedAgain()
    {
        var engine = Several("");
        var task = await engine.Lifecycle.SendTaskAsync(TestEngine.CallOf(""), TestEngine.Request("hello"), default);
        var before = await engine.ReadAsync(task.Id);
        for (var delivery = 0; delivery <= engine.Settings.MaxAttempts; delivery++)
        {
            var fault = await Assert.ThrowsAsync<InvalidOperationException>(
                () => engine.RunnerOf(() => throw new InvalidOperationException("no model")).RunAsync(new RunRequest(task.Id), default));
            Assert.Equal("no model", fault.Message);
        }

        Assert.Equal((before.Seq, 0), ((await engine.ReadAsync(task.Id)).Seq, (await engine.ReadAsync(task.Id)).Attempts));
        await engine.RunnerOf(Named("late")).RunAsync(new RunRequest(task.Id), default);
        Assert.Equal((TaskState.Completed, 1), ((await engine.ReadAsync(task.Id)).State, (await engine.ReadAsync(task.Id)).Attempts));
    }

    [SkippableFact]
    public async Task ATaskFromBeforeTheOnlyAgentWasGivenANameIsRunByTheDefaultAgent()
    {
        var before = Several("");
        var task = await before.Lifecycle.SendTaskAsync(TestEngine.CallOf(""), TestEngine.Request("hello"), default);
        Time.Advance(TimeSpan.FromMinutes(15));

        await Several("weather", "news").RunnerOf(("weather", Named("weather")), ("news", Named("news")))
            .RunAsync(new RunRequest(task.Id), default);

        Assert.Equal("weather", (await before.ReadAsync(task.Id)).Task.Artifacts![0].Parts[0].Text);
    }

    [SkippableFact]
    public async Task ATaskOfAnAgentThatWasRemovedFailsAndSaysSoAndSoDoesTheLog()
    {
        var webhook = new TaskPushNotificationConfig { Id = "hook", Url = "https://client.example" };
        var request = TestEngine.Request("hello", configuration: new() { ReturnImmediately = true, TaskPushNotificationConfig = webhook });
        var task = await Several("", "weather").Lifecycle.SendTaskAsync(TestEngine.CallOf("weather"), request, default);
        var left = Several("news");
        var agent = ScriptedAgent.Saying();

        Time.Advance(TimeSpan.FromMinutes(15));
        await left.RunnerOf(("news", agent)).RunAsync(new RunRequest(task.Id), default);

        var failed = await left.ReadAsync(task.Id);
        Assert.Equal(
            (TaskState.Failed, "The agent weather, which the task was sent to, is no longer part of the program.", 0),
            (failed.State, failed.Task.Status.Message!.Parts[0].Text, agent.Runs));
        Assert.Contains(left.Logs.AtLeast(LogLevel.Error), logged => logged.Contains("no agent weather", StringComparison.Ordinal));
        Assert.Equal(failed.Seq, Assert.Single(left.Deliveries.Published).Seq);
        // The next delivery finds nothing to do.
        await left.RunnerOf(("news", agent)).RunAsync(new RunRequest(task.Id), default);
        Assert.Equal(failed.Seq, (await left.ReadAsync(task.Id)).Seq);
    }

    /// <summary>During a deployment an older revision may be sent tasks of an agent that only the newer one has.</summary>
    [SkippableFact]
    public async Task ATaskWhoseAgentIsMissingWaitsForTheRevisionThatHasIt()
    {
        var task = await Several("", "weather").Lifecycle.SendTaskAsync(TestEngine.CallOf("weather"), TestEngine.Request("hello"), default);
        var older = Several("news");
        var before = await older.ReadAsync(task.Id);
        Time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));

        var fault = await Assert.ThrowsAsync<AgentException>(
            () => older.RunnerOf(("news", Named("news"))).RunAsync(new RunRequest(task.Id), default));

        Assert.True(fault.IsTransient);
        Assert.Contains("no agent weather", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before.Seq, (await older.ReadAsync(task.Id)).Seq);
        await older.RunnerOf(("weather", Named("weather"))).RunAsync(new RunRequest(task.Id), default);
        Assert.Equal(TaskState.Completed, (await older.ReadAsync(task.Id)).State);
    }

    private TestEngine Several(params string[] names) => new(Store, Queue, Time, names: names);

    private static ScriptedAgent Named(string name) => ScriptedAgent.Saying(AgentUpdate.Artifact("name", name));
}
