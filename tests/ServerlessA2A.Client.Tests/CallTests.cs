using System.Text.Json;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Client.Tests;

/// <summary>Each operation against this library's own server, in each version and binding.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private AgentHost _host = null!;

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync(("Agent:Replies", "true"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task SendWaitsForTheAgent(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);

        var response = await client.SendAsync("described:text");

        Assert.Equal(TaskState.Completed, response.Task!.Status.State);
        var described = response.Task.Artifacts!.Single(each => each.ArtifactId == "described");
        Assert.Equal("text", described.Parts[0].Text);
        Assert.Equal("https://x.example/a", described.Parts[1].Url);
        Assert.Equal(1, described.Parts[2].Raw!.Value.Span[0]);
        Assert.Equal("image/png", described.Parts[2].MediaType);
        Assert.Equal("""{"m":1}""", described.Parts[0].Metadata!.Value.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task EveryKindOfPartArrives(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);
        var request = Wire.Message("hello");
        request = request with
        {
            Message = request.Message with
            {
                Parts =
                [
                    Part.FromText("hello"), Part.FromBytes(new byte[] { 1, 2 }, "text/plain", "a.bin"),
                    Part.FromUri("https://x.example/f", "text/plain"), Part.FromData(JsonElement.Parse("""{"n":1.50}""")),
                ],
                Metadata = JsonElement.Parse("""{"k":[1]}"""),
            },
        };

        var task = (await client.SendAsync(request)).Task!;
        var sent = (await client.GetTaskAsync(task.Id)).History![0];

        Assert.Equal(request.Message.MessageId, sent.MessageId);
        Assert.Equal(Role.User, sent.Role);
        Assert.Equal([1, 2], sent.Parts[1].Raw!.Value.ToArray());
        Assert.Equal("a.bin", sent.Parts[1].Filename);
        Assert.Equal("https://x.example/f", sent.Parts[2].Url);
        // The numbers of Protocol Buffers are doubles.
        var number = wire.EndsWith("GRPC", StringComparison.Ordinal) ? "1.5" : "1.50";
        Assert.Equal($$"""{"n":{{number}}}""", sent.Parts[3].Data!.Value.GetRawText());
        Assert.Equal("""{"k":[1]}""", sent.Metadata!.Value.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task SendReturnsImmediatelyAndWaitReturnsTheResult(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);

        var begun = (await client.SendAsync(Wire.Message("hold:gate", returnImmediately: true))).Task!;
        var waiting = client.WaitAsync(begun.Id);
        Assert.False(begun.Status.State.IsTerminal());
        _host.Agent.Release("gate");

        Assert.Equal("hold:gate", (await waiting).Artifacts!.Single().Parts[0].Text);
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task AMessageIsAnsweredWithAMessage(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);

        var response = await client.SendAsync("reply:hi");

        Assert.Null(response.Task);
        Assert.Equal("hi", response.Message!.Parts.Single().Text);
        Assert.Equal(Role.Agent, response.Message.Role);
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task AQuestionIsAnswered(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);

        var asked = (await client.SendAsync("ask")).Task!;
        Assert.Equal(TaskState.InputRequired, asked.Status.State);
        Assert.Equal("Which one?", asked.Status.Message!.Parts[0].Text);
        var answered = await client.SendAsync(Wire.Message("ask", taskId: asked.Id));

        Assert.Equal(TaskState.Completed, answered.Task!.Status.State);
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task CancelEndsATask(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);
        var begun = (await client.SendAsync(Wire.Message("hold:never", returnImmediately: true))).Task!;

        var canceled = await client.CancelTaskAsync(begun.Id);

        Assert.Equal(TaskState.Canceled, canceled.Status.State);
        var done = (await client.SendAsync("hello")).Task!;
        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.CancelTaskAsync(done.Id));
        Assert.Equal(A2AError.TaskNotCancelable, thrown.Error);
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task ErrorsAreRowsOfTheTable(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);

        var missing = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("no-such-task"));
        Assert.Equal(A2AError.TaskNotFound, missing.Error);
        Assert.Equal("no-such-task", missing.Metadata["taskId"]);
        var invalid = await Assert.ThrowsAsync<A2AClientException>(() => client.SendAsync(Wire.Message("x") with
        {
            Message = new() { MessageId = "m", Role = Role.User, Parts = [] },
        }));
        Assert.Equal(A2AError.InvalidParams, invalid.Error);
        Assert.Equal("message.parts", invalid.FieldViolations.Single().Field);
        var none = await Assert.ThrowsAsync<A2AClientException>(() => client.GetExtendedCardAsync());
        Assert.Contains(none.Error, new[] { A2AError.ExtendedAgentCardNotConfigured, A2AError.UnsupportedOperation });
    }

    [Theory]
    [InlineData("1.0 JSONRPC")]
    [InlineData("1.0 HTTP+JSON")]
    [InlineData("1.0 GRPC")]
    [InlineData("0.3 HTTP+JSON")]
    public async Task ListReadsAllPages(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);
        var sent = new List<string>();
        for (var i = 0; i < 5; i++) sent.Add((await client.SendAsync("hello")).Task!.Id);

        var listed = await client.ListTasksAsync(new() { PageSize = 2, Status = TaskState.Completed, IncludeArtifacts = true })
            .ToListAsync();

        Assert.Equal(sent.Order(), listed.Select(each => each.Id).Order());
        Assert.All(listed, each => Assert.NotNull(each.Artifacts));
    }

    [Theory]
    [InlineData("0.3 JSONRPC")]
    [InlineData("0.3 GRPC")]
    public async Task NoListIn0_3(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);

        var thrown = await Assert.ThrowsAsync<A2AClientException>(async () => await client.ListTasksAsync().ToListAsync());

        Assert.Equal(A2AError.UnsupportedOperation, thrown.Error);
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task WebhooksAreCreatedListedAndDeleted(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);
        var task = (await client.SendAsync("hello")).Task!;
        var webhook = new TaskPushNotificationConfig
        {
            TaskId = task.Id,
            Id = "w/1".Replace('/', '-'),
            Url = "https://me.example.com/hook",
            Token = "token",
            Authentication = new() { Scheme = "Bearer", Credentials = "secret" },
        };

        var created = await client.CreateWebhookAsync(webhook);
        var unnamed = await client.CreateWebhookAsync(webhook with { Id = null });
        var listed = await client.ListWebhooksAsync(task.Id).ToListAsync();
        var read = await client.GetWebhookAsync(task.Id, created.Id!);
        await client.DeleteWebhookAsync(task.Id, created.Id!);
        var left = await client.ListWebhooksAsync(task.Id).ToListAsync();

        Assert.Equal(webhook.Url, created.Url);
        Assert.Equal(task.Id, created.TaskId);
        Assert.NotNull(unnamed.Id);
        Assert.Equal(2, listed.Count);
        Assert.Equal(created.Id, read.Id);
        Assert.Equal(unnamed.Id, Assert.Single(left).Id);
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task AWebhookComesWithTheMessage(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);
        var request = Wire.Message("hello");

        var task = (await client.SendAsync(request with
        {
            Configuration = new() { TaskPushNotificationConfig = new() { Id = "mine", Url = "https://me.example.com/hook" } },
        })).Task!;

        Assert.Equal("mine", (await client.ListWebhooksAsync(task.Id).ToListAsync()).Single().Id);
    }
}
