using ServerlessA2A.FakeVertex;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>A conversation with the model, over instances that share nothing but Firestore and Pub/Sub.</summary>
[Collection(nameof(SharedDeployment))]
public class GeminiInstancesTests(GeminiDeployment shared) : IClassFixture<GeminiDeployment>, IAsyncLifetime
{
    private Deployment _deployment = null!;

    private FakeVertexAI Vertex => shared.Vertex;

    private HttpClient One => _deployment.Messages[0].Client;

    private HttpClient Other => _deployment.Messages[1].Client;

    public async Task InitializeAsync() => _deployment = await shared.StartedAsync();

    public Task DisposeAsync()
    {
        Assert.Empty(_deployment.Instances.SelectMany(instance => instance.LoggedErrors));
        return Task.CompletedTask;
    }

    [SkippableFact]
    public async Task AnAnswerIsStreamedWhileItIsSaidOverBothInstances()
    {
        var seen = new TaskCompletionSource();
        Vertex.Enqueue(ModelTurn.Say("The first half, ").Wait(seen.Task).Say("and ", "the second."));
        var events = new List<StreamEvent>();
        Task<List<StreamEvent>>? others = null;
        await foreach (var streamed in One.StreamAsync(Requests.Send("Tell me", method: "SendStreamingMessage")))
        {
            events.Add(streamed);
            others ??= Other.StreamAsync(Requests.About("SubscribeToTask", streamed.TaskId()), lastEventId: 1).ToListAsync().AsTask();
            // The model goes on only when its first half was heard.
            if (streamed.Result().Name == "artifactUpdate")
                seen.TrySetResult();
        }

        Assert.Equal("The first half, and the second.", events.ArtifactText());
        Assert.Equal(events.Skip(1), await others!.WithinLimit("the other stream ends"));
    }

    [SkippableFact]
    public async Task AConversationWithToolsGoesOnWhereAKilledInstanceHasLeftIt()
    {
        var before = Vertex.Calls.Count;
        Vertex.Enqueue(
            ModelTurn.Call("visit", new { place = 1 }), ModelTurn.Call("visit", new { place = 2 }), ModelTurn.Say("I was at ").Hang());
        var id = await SubmitAsync("Travel");
        var running = await _deployment.RunThatPrintsAsync(line => line.Contains($"Visit of 2 for {id}", StringComparison.Ordinal));
        while (Vertex.Calls.Count < before + 3)
            await Vertex.NextCallAsync(Guard.Limit);

        await running.KillAsync();
        Vertex.Enqueue(ModelTurn.Say("I was at both."));
        await _deployment.SweepUntilAsync(Other.EndOfAsync(id), "the conversation goes on elsewhere and ends");
        await running.StartAsync();

        var task = await Other.CallAsync(Requests.Get(id));
        Assert.Equal(("TASK_STATE_COMPLETED", "I was at both."), (task.State(), task.ArtifactText()));
        Assert.All(new[] { 1, 2 }, place => Assert.Single(_deployment.Runs.SelectMany(run => run.LinesWith($"Visit of {place} for {id}"))));
        var last = Vertex.Calls[^1].Request;
        Assert.Equal(["user", "model", "user", "model", "user"], last.Contents.Select(content => content.Role));
        Assert.Equal(3, task.GetProperty("metadata").GetProperty("usage").GetProperty("calls").GetInt32());
    }

    [SkippableFact]
    public async Task AQuestionOfTheModelIsAnsweredOnTheOtherInstance()
    {
        Vertex.Enqueue(ModelTurn.Call("ask_user", new { question = "Which city?" }), ModelTurn.Say("Sunny in Rome."));

        var asked = (await One.CallAsync(Requests.Send("Weather?"))).GetProperty("task");
        var done = (await Other.CallAsync(Requests.Send("Rome", taskId: asked.GetProperty("id").GetString()))).GetProperty("task");

        Assert.Equal("TASK_STATE_INPUT_REQUIRED", asked.State());
        Assert.Equal(
            "Which city?", asked.GetProperty("status").GetProperty("message").GetProperty("parts")[0].GetProperty("text").GetString());
        Assert.Equal(("TASK_STATE_COMPLETED", "Sunny in Rome."), (done.State(), done.ArtifactText()));
        Assert.Equal("Rome", Vertex.Calls[^1].Request.Contents[^1].Parts[0].FunctionResponse.Response.Fields["answer"].StringValue);
    }

    [SkippableFact]
    public async Task APictureGoesInAndAPictureComesOut()
    {
        var (sent, drawn) = (new byte[300_000], new byte[2_000_000]);
        Random.Shared.NextBytes(sent);
        Random.Shared.NextBytes(drawn);
        Vertex.Enqueue(ModelTurn.Image(drawn, "image/png"));

        var task = (await One.CallAsync($$$$"""
            {"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{"messageId":"{{{{Guid.NewGuid()}}}}","role":"ROLE_USER","parts":[
              {"text":"Like this"},{"raw":"{{{{Convert.ToBase64String(sent)}}}}","mediaType":"image/jpeg"}]},"configuration":{"acceptedOutputModes":["image/png"]}}}
            """)).GetProperty("task");

        Assert.Equal("TASK_STATE_COMPLETED", task.State());
        var part = task.GetProperty("artifacts")[0].GetProperty("parts")[0];
        Assert.Equal("image/png", part.GetProperty("mediaType").GetString());
        Assert.Equal(drawn, part.GetProperty("raw").GetBytesFromBase64());
        Assert.Equal(sent, Vertex.Calls[^1].Request.Contents[0].Parts[1].InlineData.Data.ToByteArray());
    }

    [SkippableFact]
    public async Task ACancelOnTheOtherInstanceEndsTheCallOfTheModel()
    {
        Vertex.Enqueue(ModelTurn.Say("Once upon a time ").Hang());
        var id = await SubmitAsync("A tale");
        await foreach (var streamed in One.StreamAsync(Requests.About("SubscribeToTask", id), lastEventId: 1))
        {
            if (streamed.Result().Name == "artifactUpdate")
                break;
        }

        var canceled = await Other.CallAsync(Requests.About("CancelTask", id));
        var end = await Vertex.Calls[^1].Ended.WithinLimit("the call of the model ends");

        Assert.Equal(("TASK_STATE_CANCELED", CallEnd.ClientGone), (canceled.State(), end));
    }

    [SkippableFact]
    public async Task TheCardSaysWhatTheModelReadsAndWrites()
    {
        var card = await _deployment.Card.Client.GetStringAsync(new Uri("/.well-known/agent-card.json", UriKind.Relative));

        Assert.Contains("\"defaultOutputModes\":[\"text/plain\",\"application/json\",\"image/*\"]", card, StringComparison.Ordinal);
        Assert.Contains("\"audio/*\"", card, StringComparison.Ordinal);
    }

    private async Task<string> SubmitAsync(string text) =>
        (await One.CallAsync(Requests.Send(text, returnImmediately: true))).GetProperty("task").GetProperty("id").GetString()!;
}
