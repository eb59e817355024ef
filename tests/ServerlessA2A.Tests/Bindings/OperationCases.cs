using System.Net;
using System.Text.Json;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>What every operation does (A2A 1.0, section 3.1), whatever the binding and the version.</summary>
public abstract class OperationCases(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    protected AgentHost Host { get; } = fixture.Host;

    protected abstract Wire Wire { get; }

    [Fact]
    public async Task ASendThatWaitsAnswersWithTheCompletedTask()
    {
        var reply = await Wire.AskAsync(Wire.SendRequest("echo:hello", new SendOptions()));

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        var task = Wire.TaskOf(reply.Result);
        Assert.Equal("COMPLETED", Wire.StateOf(task));
        Assert.Equal("echo", task.GetProperty("artifacts")[0].GetProperty("artifactId").GetString());
    }

    [Fact]
    public async Task ASendThatDoesNotWaitAnswersWithTheSubmittedTask()
    {
        var reply = await Wire.AskAsync(Wire.SendRequest("hold:never", new SendOptions { Wait = false }));

        Assert.Equal("SUBMITTED", Wire.StateOf(Wire.TaskOf(reply.Result)));
    }

    [Fact]
    public async Task ARepeatedSendAnswersWithTheTaskItMade()
    {
        var options = new SendOptions { MessageId = Guid.NewGuid().ToString() };

        Assert.Equal(await Wire.SendAsync("echo:once", options), await Wire.SendAsync("echo:once", options));
    }

    [Fact]
    public async Task AMessageIdThatComesAgainWithOtherContentIsRefusedWithTheFieldNamed()
    {
        var options = new SendOptions { MessageId = Guid.NewGuid().ToString() };
        await Wire.SendAsync("echo:once", options);

        foreach (var request in new[] { Wire.SendRequest("echo:twice", options), Wire.StreamRequest("echo:twice", options),
            Wire.SendRequest("echo:once", options with { ContextId = "c" }) })
            Assert.Equal("message.messageId", (await AssertErrorAsync(A2AError.InvalidParams, request)).Field);
    }

    [Fact]
    public async Task AnAnswerWithTheIdOfTheQuestionItWasAskedForAndOtherContentIsRefusedAndNotDropped()
    {
        var options = new SendOptions { MessageId = Guid.NewGuid().ToString() };
        var taskId = await Wire.SendAsync("ask", options);
        var answer = options with { TaskId = taskId };

        foreach (var request in new[] { Wire.SendRequest("this one", answer), Wire.StreamRequest("this one", answer) })
            Assert.Equal("message.messageId", (await AssertErrorAsync(A2AError.InvalidParams, request)).Field);
    }

    [Fact]
    public async Task AnAnonymousCallersIdThatCanBeGuessedShowsNobodyElsesTask()
    {
        var options = new SendOptions { MessageId = "m-1" };

        var (first, second) = (await Wire.SendAsync("echo:mine", options), await Wire.SendAsync("echo:mine", options));

        Assert.NotEqual(first, second);
        Assert.NotEqual(second, await Wire.SendAsync("echo:theirs", options));
    }

    [Fact]
    public async Task AQuestionOfTheAgentIsAnsweredInTheSameTask()
    {
        var asked = Wire.TaskOf((await Wire.AskAsync(Wire.SendRequest("ask", new SendOptions()))).Result);
        Assert.Equal("INPUT_REQUIRED", Wire.StateOf(asked));
        var taskId = asked.GetProperty("id").GetString()!;

        var answered = Wire.TaskOf((await Wire.AskAsync(Wire.SendRequest("ask", new SendOptions { TaskId = taskId }))).Result);

        Assert.Equal("COMPLETED", Wire.StateOf(answered));
        Assert.Equal(taskId, answered.GetProperty("id").GetString());
        Assert.Equal(asked.GetProperty("contextId").GetString(), answered.GetProperty("contextId").GetString());
    }

    [Fact]
    public async Task AMessageToAWorkingTaskReachesItsAgent()
    {
        var taskId = await Wire.SendAsync("listen", new SendOptions { Wait = false });

        var task = Wire.TaskOf((await Wire.AskAsync(Wire.SendRequest("and more", new SendOptions { TaskId = taskId }))).Result);

        Assert.Equal(("COMPLETED", taskId), (Wire.StateOf(task), task.GetProperty("id").GetString()));
        Assert.Contains("and more", task.GetProperty("artifacts")[0].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMessageThatAWorkingAgentDoesNotReadIsAnsweredBeforeTheTaskEnds()
    {
        var (gate, options) = (Guid.NewGuid().ToString(), new SendOptions { MessageId = Guid.NewGuid().ToString() });
        var taskId = await Wire.SendAsync($"hold:{gate}", new SendOptions { Wait = false });
        Assert.Null((await Wire.AskAsync(Wire.SendRequest("echo:more", options with { TaskId = taskId, Wait = false }))).ErrorCode);
        Host.Agent.Release(gate);

        var task = Wire.TaskOf((await Wire.AskAsync(Wire.SendRequest("echo:more", options with { TaskId = taskId }))).Result);

        Assert.Equal("COMPLETED", Wire.StateOf(task));
        Assert.Contains("echo:more", task.GetProperty("artifacts")[0].GetRawText(), StringComparison.Ordinal);
        Assert.Equal(2, task.GetProperty("history").GetArrayLength());
    }

    [Fact]
    public async Task AStreamingSendToAWorkingTaskStreamsThatTask()
    {
        var taskId = await Wire.SendAsync("listen", new SendOptions { Wait = false });

        var events = await (await Wire.StreamAsync("and more", new SendOptions { TaskId = taskId })).ReadToEndAsync();

        var (kind, content) = Wire.EventOf(events[0].Json);
        Assert.Equal(("task", taskId), (kind, content.GetProperty("id").GetString()));
        Assert.Contains("and more", events[^2].Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMessageToAFinishedTaskIsRefused()
    {
        var taskId = await Wire.SendAsync("echo:done");

        await AssertErrorAsync(A2AError.UnsupportedOperation, Wire.SendRequest("more", new SendOptions { TaskId = taskId }));
    }

    [Fact]
    public async Task AMessageToAnUnknownTaskIsRefused() =>
        await AssertErrorAsync(A2AError.TaskNotFound, Wire.SendRequest("more", new SendOptions { TaskId = "unknown" }));

    [Fact]
    public async Task AMessageWithAnotherContextThanItsTaskIsRefused()
    {
        var taskId = await Wire.SendAsync("ask");

        var reply = await AssertErrorAsync(
            A2AError.InvalidParams, Wire.SendRequest("more", new SendOptions { TaskId = taskId, ContextId = "another" }));

        Assert.Equal("message.contextId", reply.Field);
    }

    [Fact]
    public async Task ATaskIsReadByItsId()
    {
        var taskId = await Wire.SendAsync("echo:read");

        var reply = await Wire.AskAsync(Wire.GetRequest(taskId));

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(taskId, reply["id"].GetString());
        Assert.Equal("COMPLETED", Wire.StateOf(reply.Result));
        Assert.True(reply.Has("history"));
    }

    [Fact]
    public async Task ATaskReadWithHistoryLength0HasNoHistory()
    {
        // In the messages of 0.3 a length of 0 is none.
        if (Wire is GrpcWire { IsV1: false })
            return;
        var taskId = await Wire.SendAsync("echo:read");

        Assert.False((await Wire.AskAsync(Wire.GetRequest(taskId, "0"))).Has("history"));
    }

    [Fact]
    public async Task ANegativeHistoryLengthIsRefusedWithTheFieldNamed()
    {
        var reply = await AssertErrorAsync(A2AError.InvalidParams, Wire.GetRequest("any", "-1"));

        Assert.Equal("historyLength", reply.Field);
    }

    [Fact]
    public async Task AnUnknownTaskIsNotFound() => await AssertErrorAsync(A2AError.TaskNotFound, Wire.GetRequest("unknown"));

    [Fact]
    public async Task ATaskOfAnotherTenantIsNotFound()
    {
        var taskId = await Wire.SendAsync("echo:mine");

        Assert.NotNull((await Wire.AskAsync(Wire.GetRequest(taskId))).Result.GetProperty("id").GetString());
        if (Wire.HasTenants)
            await AssertErrorAsync(A2AError.TaskNotFound, Wire.GetRequest(taskId, tenant: "other"));
    }

    [Fact]
    public async Task TasksAreListedNewestFirstWithoutArtifactsAndInPages()
    {
        if (!Wire.CanList)
            return;
        var contextId = Guid.NewGuid().ToString();
        var first = await Wire.SendAsync("echo:1", new SendOptions { ContextId = contextId });
        // Within one millisecond the order would be that of the ids, which are random.
        var ended = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        SpinWait.SpinUntil(() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() > ended);
        var second = await Wire.SendAsync("echo:2", new SendOptions { ContextId = contextId });

        var page = await Wire.AskAsync(Wire.ListRequest(("contextId", $"\"{contextId}\""), ("pageSize", "1")));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        var only = Assert.Single(page["tasks"].EnumerateArray());
        Assert.Equal(second, only.GetProperty("id").GetString());
        Assert.False(only.TryGetProperty("artifacts", out _));
        Assert.Equal(2, page["totalSize"].GetInt32());
        var rest = await Wire.AskAsync(
            Wire.ListRequest(("contextId", $"\"{contextId}\""), ("pageSize", "1"), ("pageToken", page["nextPageToken"].GetRawText())));
        Assert.Equal(first, Assert.Single(rest["tasks"].EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("", rest["nextPageToken"].GetString());
    }

    [Theory]
    [InlineData("pageSize", "0")]
    [InlineData("pageSize", "101")]
    [InlineData("pageToken", "\"tampered\"")]
    [InlineData("historyLength", "-1")]
    [InlineData("statusTimestampAfter", "\"yesterday\"")]
    [InlineData("status", "\"TASK_STATE_DREAMING\"")]
    public async Task AListWithAWrongFilterIsRefusedWithTheFieldNamed(string field, string value)
    {
        if (!Wire.CanList)
            return;
        var reply = await AssertErrorAsync(A2AError.InvalidParams, Wire.ListRequest((field, value)));

        Assert.Equal(field, reply.Field);
    }

    [Fact]
    public async Task AListSinceTheLastMomentThereIsIsEmpty()
    {
        if (!Wire.CanList)
            return;
        var reply = await Wire.AskAsync(Wire.ListRequest(("statusTimestampAfter", "\"9999-12-31T23:59:59.9999999Z\"")));

        Assert.Equal((HttpStatusCode.OK, 0), (reply.Status, reply["totalSize"].GetInt32()));
    }

    [Fact]
    public async Task AListTakesAllItsFilters()
    {
        if (!Wire.CanList)
            return;
        var contextId = Guid.NewGuid().ToString();
        await Wire.SendAsync("echo:1", new SendOptions { ContextId = contextId });

        var reply = await Wire.AskAsync(Wire.ListRequest(
            ("contextId", $"\"{contextId}\""),
            ("status", "\"TASK_STATE_COMPLETED\""),
            ("pageSize", "100"),
            ("historyLength", "0"),
            ("statusTimestampAfter", "\"2020-01-01T00:00:00Z\""),
            ("includeArtifacts", "true")));

        var task = Assert.Single(reply["tasks"].EnumerateArray());
        Assert.True(task.TryGetProperty("artifacts", out _));
        Assert.False(task.TryGetProperty("history", out _));
    }

    [Fact]
    public async Task ARunningTaskIsCanceled()
    {
        var taskId = await Wire.SendAsync("hold:cancel", new SendOptions { Wait = false });

        var reply = await Wire.AskAsync(Wire.CancelRequest(taskId));

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("CANCELED", Wire.StateOf(reply.Result));
    }

    [Fact]
    public async Task ASecondCancelAnswersTheSameAndIsAnErrorInTheOlderVersion()
    {
        var taskId = await Wire.SendAsync("hold:cancel-twice", new SendOptions { Wait = false });
        var first = await Wire.AskAsync(Wire.CancelRequest(taskId));
        Assert.Equal("CANCELED", Wire.StateOf(first.Result));

        if (Wire.IsV1)
            Assert.Equal(first.Result.GetRawText(), (await Wire.AskAsync(Wire.CancelRequest(taskId))).Result.GetRawText());
        else
            await AssertErrorAsync(A2AError.TaskNotCancelable, Wire.CancelRequest(taskId));
    }

    [Fact]
    public async Task AFinishedTaskIsNotCanceled()
    {
        var taskId = await Wire.SendAsync("echo:done");

        await AssertErrorAsync(A2AError.TaskNotCancelable, Wire.CancelRequest(taskId));
    }

    [Fact]
    public async Task AnUnknownTaskIsNotCanceled() => await AssertErrorAsync(A2AError.TaskNotFound, Wire.CancelRequest("unknown"));

    [Fact]
    public async Task AStreamBeginsWithTheTaskAndEndsWithItsLastState()
    {
        using var stream = await Wire.StreamAsync("echo:hello");

        Assert.Equal(HttpStatusCode.OK, stream.Response.StatusCode);
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.ToString());
        var events = (await stream.ReadToEndAsync()).ConvertAll(item => Wire.EventOf(item.Json));
        Assert.Equal("task", events[0].Kind);
        Assert.Equal("SUBMITTED", Wire.StateOf(events[0].Content));
        Assert.Equal("WORKING", Wire.StateOf(events[1].Content));
        Assert.Equal("artifactUpdate", events[2].Kind);
        Assert.Equal("COMPLETED", Wire.StateOf(events[^1].Content));
        if (!Wire.IsV1)
            Assert.True(events[^1].Content.GetProperty("final").GetBoolean());
    }

    [Fact]
    public async Task AStreamOfAnInvalidMessageIsAnOrdinaryError()
    {
        var request = Wire.StreamRequest("hello", new SendOptions { TaskId = "unknown" });

        await AssertErrorAsync(A2AError.TaskNotFound, request);
    }

    [Fact]
    public async Task ASubscriptionBeginsWithTheTaskAsItStands()
    {
        var gate = Guid.NewGuid().ToString();
        var taskId = await Wire.SendAsync($"hold:{gate}", new SendOptions { Wait = false });

        using var stream = await Wire.SubscribeAsync(taskId);
        var first = Wire.EventOf((await stream.ReadAsync())!.Json);
        Host.Agent.Release(gate);
        var rest = await stream.ReadToEndAsync();

        Assert.Equal("task", first.Kind);
        Assert.Equal(taskId, first.Content.GetProperty("id").GetString());
        Assert.Equal("COMPLETED", Wire.StateOf(Wire.EventOf(rest[^1].Json).Content));
    }

    [Fact]
    public async Task AWebhookIsMadeReadListedAndDeleted()
    {
        var taskId = await Wire.SendAsync("echo:done");

        var made = await Wire.AskAsync(Wire.CreateConfigRequest(taskId, "https://example.com/hook", "hook"));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal("hook", Wire.ConfigOf(made.Result).GetProperty("id").GetString());
        var read = await Wire.AskAsync(Wire.GetConfigRequest(taskId, "hook"));
        Assert.Equal("https://example.com/hook", Wire.ConfigOf(read.Result).GetProperty("url").GetString());
        var listed = await Wire.AskAsync(Wire.ListConfigsRequest(taskId));
        Assert.Equal("hook", Assert.Single(Wire.ConfigsOf(listed.Result)).GetProperty("id").GetString());
        for (var i = 0; i < 2; i++)
        {
            var deleted = await Wire.AskAsync(Wire.DeleteConfigRequest(taskId, "hook"));
            Assert.Null(deleted.ErrorCode);
            Assert.Equal(Wire is JsonRpcV03Wire ? "null" : "{}", deleted.Result.GetRawText());
        }

        await AssertErrorAsync(A2AError.TaskNotFound, Wire.GetConfigRequest(taskId, "hook"));
    }

    [Fact]
    public async Task AWebhookThatComesWithAMessageIsKept()
    {
        var taskId = await Wire.SendAsync("echo:done", new SendOptions { Webhook = "https://example.com/hook" });

        var listed = await Wire.AskAsync(Wire.ListConfigsRequest(taskId));

        Assert.Equal("https://example.com/hook", Assert.Single(Wire.ConfigsOf(listed.Result)).GetProperty("url").GetString());
    }

    [Fact]
    public async Task AWebhookOfAnUnknownTaskIsRefused()
    {
        await AssertErrorAsync(A2AError.TaskNotFound, Wire.CreateConfigRequest("unknown", "https://example.com/hook", "hook"));
        await AssertErrorAsync(A2AError.TaskNotFound, Wire.GetConfigRequest("unknown", "hook"));
        await AssertErrorAsync(A2AError.TaskNotFound, Wire.ListConfigsRequest("unknown"));
        await AssertErrorAsync(A2AError.TaskNotFound, Wire.DeleteConfigRequest("unknown", "hook"));
    }

    [Fact]
    public async Task AWebhookWithoutAGoodAddressIsRefused()
    {
        var taskId = await Wire.SendAsync("echo:done");

        var reply = await AssertErrorAsync(A2AError.InvalidParams, Wire.CreateConfigRequest(taskId, "not an address", "hook"));

        Assert.EndsWith("url", reply.Field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheExtendedCardIsNotOffered() =>
        await AssertErrorAsync(A2AError.UnsupportedOperation, Wire.ExtendedCardRequest());

    [Fact]
    public async Task AnUnsupportedVersionIsRefusedWhateverTheOperation()
    {
        HttpRequestMessage[] requests =
        [
            Wire.SendRequest("echo:hello", new SendOptions()), Wire.StreamRequest("echo:hello", new SendOptions()), Wire.GetRequest("any"),
            Wire.CancelRequest("any"), Wire.SubscribeRequest("any"), Wire.ListConfigsRequest("any"), Wire.ExtendedCardRequest(),
        ];
        foreach (var request in requests)
        {
            var reply = await AssertErrorAsync(A2AError.VersionNotSupported, request.With("A2A-Version", "2.0"));
            Assert.Equal("2.0", reply.Details[0].GetProperty("metadata").GetProperty("version").GetString());
        }
    }

    /// <summary>Asserts that a request is answered with an error, as this binding and version put it.</summary>
    private async Task<Reply> AssertErrorAsync(A2AError expected, HttpRequestMessage request)
    {
        var (response, body) = await Host.Client.ExchangeAsync(request);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            Assert.Fail($"A stream in place of an error: {body}");
        var reply = Wire.Read(response, body);
        Assert.NotNull(reply.ErrorCode);
        Assert.Equal(expected.Reason, reply.Reason);
        Assert.Equal(Wire.IsJsonRpc ? 200 : expected.HttpStatus, (int)reply.Status);
        Assert.Equal(Wire.IsV1 && !Wire.IsJsonRpc ? expected.HttpStatus : expected.JsonRpcCode, reply.ErrorCode);
        Assert.Equal(JsonValueKind.Array, reply.Details.ValueKind);
        return reply;
    }
}
