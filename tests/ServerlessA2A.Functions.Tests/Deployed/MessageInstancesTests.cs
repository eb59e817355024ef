using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>Whichever instance of MessageFunction a client reaches, it finds its tasks, and the same of them.</summary>
public class MessageInstancesTests(SharedDeployment shared) : DeployedTest(shared)
{
    [SkippableFact]
    public async Task TheCardIsServedByAFunctionOfItsOwn()
    {
        var card = await Deployment.Card.Client.GetStringAsync(new Uri("/.well-known/agent-card.json", UriKind.Relative));

        Assert.Contains("\"supportedInterfaces\"", card, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ASendIsAnsweredWithWhatAnotherFunctionHasDone()
    {
        var task = (await One.CallAsync(Requests.Send("count 20 1ms"))).GetProperty("task");

        Assert.Equal("TASK_STATE_COMPLETED", task.State());
        Assert.Equal(Requests.Count(20), task.ArtifactText());
        Assert.Equal(task.GetRawText(), (await Other.CallAsync(Requests.Get(task.GetProperty("id").GetString()!))).GetRawText());
    }

    [SkippableFact]
    public async Task AStreamIsTheSameOnEveryInstance()
    {
        await using var gate = await Gate.StartAsync();
        var events = new List<StreamEvent>();
        Task<List<StreamEvent>>? others = null;
        await foreach (var streamed in One.StreamAsync(Requests.Send($"count 100 5ms {gate.After(50)}", method: "SendStreamingMessage")))
        {
            events.Add(streamed);
            others ??= SubscribeAsync(streamed.TaskId());
        }

        var seen = await others!.WithinLimit("the other stream ends");

        Assert.Equal(Requests.Count(100), events.ArtifactText());
        Assert.Equal(Requests.Count(100), seen.ArtifactText());
        Assert.Equal("task", seen[0].Result().Name);
        Assert.NotEmpty(seen.Skip(1));
        Assert.Equal(events.Where(each => each.Id > seen[0].Id), seen.Skip(1));
        Assert.Equal(events.Select(each => each.Id).Order(), events.Select(each => each.Id));

        async Task<List<StreamEvent>> SubscribeAsync(string taskId)
        {
            var received = new List<StreamEvent>();
            await foreach (var streamed in Other.StreamAsync(Requests.About("SubscribeToTask", taskId)))
            {
                received.Add(streamed);
                gate.Open();
            }

            return received;
        }
    }

    [SkippableFact]
    public async Task AQuestionIsAnsweredOnTheOtherInstance()
    {
        var asked = (await One.CallAsync(Requests.Send("ask"))).GetProperty("task");

        var answered = (await Other.CallAsync(Requests.Send("an answer", taskId: asked.GetProperty("id").GetString()))).GetProperty("task");

        Assert.Equal("TASK_STATE_INPUT_REQUIRED", asked.State());
        Assert.Equal("TASK_STATE_COMPLETED", answered.State());
        Assert.Equal("an answer", answered.ArtifactText());
    }

    [SkippableFact]
    public async Task ATaskIsListedOnTheOtherInstance()
    {
        var task = (await One.CallAsync(Requests.Send("hello"))).GetProperty("task");

        var listed = await Other.CallAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"ListTasks","params":{"contextId":"{{{task.GetProperty("contextId").GetString()}}}"}}""");

        Assert.Equal(
            task.GetProperty("id").GetString(), Assert.Single(listed.GetProperty("tasks").EnumerateArray()).GetProperty("id").GetString());
    }

    [SkippableFact]
    public async Task AListSinceTheLastMomentThereIsIsEmpty()
    {
        var listed = await One.CallAsync(
            """{"jsonrpc":"2.0","id":1,"method":"ListTasks","params":{"statusTimestampAfter":"9999-12-31T23:59:59.9999999Z"}}""");

        Assert.Equal(0, listed.GetProperty("totalSize").GetInt32());
    }

    [SkippableFact]
    public async Task ACancelOnTheOtherInstanceStopsTheAgent()
    {
        await using var gate = await Gate.StartAsync();
        var id = await SubmitAsync($"count 20 5ms {gate.After(10)}");
        var running = await Deployment.RunnerOfAsync(id);
        await gate.ReachedAsync();

        var canceled = await Other.CallAsync(Requests.About("CancelTask", id));
        await running.Program.LineAsync(line => line.Contains($"Counting for {id} is stopped", StringComparison.Ordinal));

        Assert.Equal("TASK_STATE_CANCELED", canceled.State());
        Assert.Equal("TASK_STATE_CANCELED", (await One.CallAsync(Requests.Get(id))).State());
    }

    [SkippableFact]
    public async Task AStreamThatWasCutIsTakenUpAgainWithoutALossAfterTheInstanceIsGone()
    {
        await using var gate = await Gate.StartAsync();
        var id = await SubmitAsync($"count 20 5ms {gate.After(10)}");
        var whole = Other.StreamAsync(Requests.About("SubscribeToTask", id), lastEventId: 1).ToListAsync().AsTask();
        var events = new List<StreamEvent>();
        try
        {
            await foreach (var streamed in One.StreamAsync(Requests.About("SubscribeToTask", id), lastEventId: 1))
            {
                events.Add(streamed);
                if (streamed.Result().Name == "artifactUpdate")
                    await Deployment.Messages[0].KillAsync();
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            // As it is for a client whose server is killed.
        }

        await Deployment.Messages[0].StartAsync();
        var before = events.Count;
        gate.Open();
        await foreach (var streamed in One.StreamAsync(Requests.About("SubscribeToTask", id), lastEventId: events[^1].Id))
            events.Add(streamed);

        Assert.InRange(before, 1, events.Count - 1);
        Assert.Equal(await whole.WithinLimit("the stream that was not cut ends"), events);
        Assert.Equal(Requests.Count(20), events.ArtifactText());
    }
}
