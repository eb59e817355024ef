using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>Whatever happens to a run or to its request, the task ends, and with the right result.</summary>
public class RunInstancesTests(SharedDeployment shared) : DeployedTest(shared)
{
    [SkippableFact]
    public async Task ARunThatWasKilledGoesOnElsewhereWithoutADoubledOrMissingChunk()
    {
        await using var gate = await Gate.StartAsync();
        var id = await SubmitAsync($"count 40 5ms checkpoint 7 {gate.After(20)}");
        var running = await Deployment.RunnerOfAsync(id);
        var events = new List<StreamEvent>();
        var half = new TaskCompletionSource();
        var stream = ReadAsync();
        await half.Task.WithinLimit("half of the count is there");

        await running.KillAsync();
        gate.Open();
        await Deployment.SweepUntilAsync(stream, "the task goes on elsewhere and ends");
        await running.StartAsync();

        var task = await Other.CallAsync(Requests.Get(id));
        Assert.Equal("TASK_STATE_COMPLETED", task.State());
        Assert.Equal(Requests.Count(40), task.ArtifactText());
        Assert.Equal(Requests.Count(40), events.ArtifactText());
        Assert.NotEqual(running, await Deployment.RunnerOfAsync(id));

        async Task ReadAsync()
        {
            await foreach (var streamed in One.StreamAsync(Requests.About("SubscribeToTask", id), lastEventId: 1))
            {
                events.Add(streamed);
                if (events.ArtifactText().Contains(" 20 ", StringComparison.Ordinal))
                    half.TrySetResult();
            }
        }
    }

    [SkippableFact]
    public async Task ATaskWhosePublishWasLostIsFoundByTheSweep()
    {
        var lost = new TaskCompletionSource();
        Deployment.Bridge.Arrange = (topic, messages) =>
        {
            if (topic.TopicId != "a2a-tasks" || messages.Count == 0)
                return messages;
            lost.TrySetResult();
            return [];
        };
        var id = await SubmitAsync("count 5 1ms");
        await lost.Task.WithinLimit("the request for the run is lost");
        Deployment.Bridge.Arrange = (_, messages) => messages;

        await Deployment.SweepUntilAsync(One.EndOfAsync(id), "the task ends");

        Assert.Equal(Requests.Count(5), (await One.CallAsync(Requests.Get(id))).ArtifactText());
    }

    [SkippableFact]
    public async Task WhatComesTwiceAndInAnyOrderIsDoneOnce()
    {
        // On a machine that stands still, the short lease would expire, and the second delivery would rightly begin the task again.
        await RestartRunsAsync(("Test__Tasks__LeaseDuration", "00:05:00"));
        try
        {
            Deployment.Bridge.Arrange = (_, messages) => messages.Concat(messages).Reverse();

            var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SubmitAsync("count 10 10ms")));
            var tasks = await Task.WhenAll(ids.Select(Other.EndOfAsync));

            Assert.All(tasks, task => Assert.Equal(("TASK_STATE_COMPLETED", Requests.Count(10)), (task.State(), task.ArtifactText())));
            await Task.WhenAll(ids.Select(Deployment.RunnerOfAsync));
            Assert.All(
                ids, id => Assert.Single(Deployment.Runs.SelectMany(run => run.Program.Output), line => Deployment.IsBeginOf(line, id)));
        }
        finally
        {
            Deployment.Bridge.Arrange = (_, messages) => messages;
            await RestartRunsAsync();
        }
    }

    [SkippableFact]
    public async Task ATaskThatNobodyCanRunFails()
    {
        ExpectError("because its run request was dead-lettered");
        await Task.WhenAll(Deployment.Runs.Select(run => run.KillAsync()));
        try
        {
            var id = await SubmitAsync("hello");
            Assert.Equal("TASK_STATE_FAILED", (await Other.EndOfAsync(id)).State());
        }
        finally
        {
            await Task.WhenAll(Deployment.Runs.Select(run => run.StartAsync()));
        }

        Assert.Equal("TASK_STATE_COMPLETED", (await One.CallAsync(Requests.Send("hello"))).GetProperty("task").State());
    }

    [SkippableFact]
    public async Task WhatNobodyCanReadIsRefusedAndInTheEndAcknowledged()
    {
        // Once for each delivery before it is a dead letter.
        ExpectError("InvalidDataException", times: 5);
        ExpectError("is not a run request; acknowledged");

        await Deployment.PublishAsync("a2a-tasks", "not JSON");

        await Deployment.DeadLetter.Program.LineAsync(
            line => line.Contains("is not a run request; acknowledged", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task AnAgentThatFailsOrBreaksFailsItsTask()
    {
        ExpectError("Agent failed on task");

        var failed = (await One.CallAsync(Requests.Send("fail for a reason"))).GetProperty("task");
        var broken = (await One.CallAsync(Requests.Send("throw"))).GetProperty("task");

        Assert.All([failed, broken], task => Assert.Equal("TASK_STATE_FAILED", task.State()));
        Assert.Contains("for a reason", failed.GetProperty("status").GetRawText(), StringComparison.Ordinal);
    }

    private Task RestartRunsAsync(params (string Name, string Value)[] settings) => Task.WhenAll(Deployment.Runs.Select(async run =>
    {
        await run.KillAsync();
        await run.StartAsync(settings);
    }));
}
