using System.Net;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client.Tests;

/// <summary>Errors of servers of other makes over HTTP+JSON, and answers that lack what other servers send.</summary>
public class ErrorTests
{
    [Theory]
    // Python's servers of 0.3 have a message only.
    [InlineData(404, """{"message":"Task not found"}""", "TaskNotFound")]
    [InlineData(409, """{"message":"Task cannot be canceled"}""", "TaskNotCancelable")]
    [InlineData(422, """{"message":"Invalid parameters"}""", "InvalidParams")]
    [InlineData(501, """{"message":"This operation is not supported"}""", "UnsupportedOperation")]
    // Java's have the name of the exception.
    [InlineData(404, """{"error":"io.a2a.spec.TaskNotFoundError: Task not found"}""", "TaskNotFound")]
    [InlineData(500, """{"error":"io.a2a.spec.UnsupportedOperationError"}""", "UnsupportedOperation")]
    // Of paths that do not exist.
    [InlineData(404, """{"detail":"Not Found"}""", "MethodNotFound")]
    [InlineData(404, "<html>", "MethodNotFound")]
    [InlineData(404, """{"error":{"code":404,"message":"No such method"}}""", "MethodNotFound")]
    public async Task AnErrorWithoutACodeIsKnownByWhatItHas(int status, string body, string error)
    {
        using var agent = new StubHandler((_, _) => StubHandler.Json(body, (HttpStatusCode)status));
        using var client = agent.Client(binding: "HTTP+JSON");

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(error, thrown.Error.Name);
        Assert.Single(agent.Requests);
    }

    [Fact]
    public async Task ADeletionWhoseResultIsLeftOutHasSucceeded()
    {
        using var agent = new StubHandler((_, _) => StubHandler.Json("""{"jsonrpc":"2.0","id":"1"}"""));
        using var client = agent.Client();

        await client.DeleteWebhookAsync("t", "w");

        Assert.Single(agent.Requests);
    }

    [Fact]
    public async Task APageWithoutTasksIsEmpty()
    {
        using var agent = new StubHandler((_, _) => StubHandler.Result("""{"nextPageToken":"","pageSize":50,"totalSize":0}"""));
        using var client = agent.Client();

        Assert.Empty(await client.ListTasksAsync().ToListAsync());
    }

    [Fact]
    public async Task ATaskWhoseArtifactHasNoIdIsNoneOfTheProtocol()
    {
        using var agent = new StubHandler((_, _) => StubHandler.Result(
            """{"id":"t","status":{"state":"TASK_STATE_WORKING"},"artifacts":[{"parts":[{"text":"one"}]}]}"""));
        using var client = agent.Client();

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(A2AError.InvalidAgentResponse, thrown.Error);
    }
}
