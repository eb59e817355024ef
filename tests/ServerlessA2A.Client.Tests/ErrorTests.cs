using System.IO.Compression;
using System.Net;
using System.Text;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client.Tests;

/// <summary>Errors of servers of other makes over HTTP+JSON, and answers that lack what other servers send.</summary>
public class ErrorTests
{
    private const string Done = """{"id":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"}}""";

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

    [Theory]
    [InlineData("""{"error":{"message":"nicht verfügbar"}}""")]
    [InlineData("""{"error":{"message":"half of \ud83d"}}""")]
    [InlineData("""{"error":"half of \ud83d"}""")]
    [InlineData("""{"error":{"details":[{"reason":"\ud83d","metadata":{"a":"\ud83d"}}]}}""")]
    [InlineData("""{"error":{"details":[{"metadata":{"\ud83d":"a"}}]}}""")]
    [InlineData("""{"\ud83d":"a"}""")]
    public async Task AnOverloadIsRepeatedThatIsToldInNoUnicode(string body)
    {
        foreach (var binding in (string[])["JSONRPC", "HTTP+JSON"])
        {
            using var agent = new StubHandler((_, count) => count == 1
                ? new(HttpStatusCode.ServiceUnavailable) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) }
                : binding == "JSONRPC" ? StubHandler.Result(Done) : StubHandler.Json(Done));
            using var client = agent.Client(binding: binding);

            await client.GetTaskAsync("t");

            Assert.Equal(2, agent.Requests.Count);
        }
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"1","error":{"code":-32001,"message":"half of \ud83d"}}""", "TaskNotFound")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","error":{"code":-32001,"data":[{"metadata":{"\ud83d":"a"}}]}}""", "InvalidAgentResponse")]
    [InlineData("""{"\ud83d":"2.0","id":"1","result":{}}""", "InvalidAgentResponse")]
    public async Task AnErrorThatIsToldInNoUnicodeIsAnErrorOfTheClient(string body, string error)
    {
        using var agent = new StubHandler((_, _) => StubHandler.Json(body));
        using var client = agent.Client();

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(error, thrown.Error.Name);
    }

    /// <summary>As an HttpClient gives them that decompresses.</summary>
    [Theory]
    [InlineData("gzip", 200, "application/json")]
    [InlineData("deflate", 200, "application/json")]
    [InlineData("br", 200, "application/json")]
    [InlineData("gzip", 200, "text/event-stream")]
    [InlineData("br", 200, "text/event-stream")]
    [InlineData("gzip", 503, "application/json")]
    [InlineData("br", 503, "application/json")]
    public async Task ADamagedBodyIsAConnectionThatFailed(string encoding, int status, string mediaType)
    {
        using var agent = new StubHandler((_, _) => new((HttpStatusCode)status)
        {
            Content = new StreamContent(Damaged(encoding)) { Headers = { ContentType = new(mediaType) } },
        });
        using var client = agent.Client();

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() =>
            mediaType == "text/event-stream" ? client.StreamAsync("hello").ToListAsync().AsTask() : client.GetTaskAsync("t"));

        Assert.Equal(A2AError.Unavailable, thrown.Error);
        Assert.Equal(5, agent.Requests.Count);
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

    private static Stream Damaged(string encoding)
    {
        var body = new MemoryStream([.. Enumerable.Repeat((byte)0xff, 2000)]);
        return encoding switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            // The flag of a dictionary is set.
            "deflate" => new ZLibStream(new MemoryStream([0x78, 0xbb, 0, 0, 0, 1, 0]), CompressionMode.Decompress),
            _ => new BrotliStream(body, CompressionMode.Decompress),
        };
    }
}
