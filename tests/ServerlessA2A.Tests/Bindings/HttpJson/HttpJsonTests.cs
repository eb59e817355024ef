using System.Net;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.HttpJson;

/// <summary>Paths, methods, media types and errors of HTTP+JSON.</summary>
public sealed class HttpJsonTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    private HttpClient Client => fixture.Host.Client;

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/tasks/x/nothing")]
    [InlineData("/tasks/x/pushNotificationConfigs/y/z")]
    [InlineData("/tasks/:cancel")]
    [InlineData("/a/b/tasks")]
    [InlineData("/card")]
    [InlineData("/message:dance")]
    [InlineData("/Tasks")]
    [InlineData("/a/b/c/d/e/f/g/h/i/j")]
    public async Task APathWithNothingAtItIsNotFound(string path)
    {
        var (response, body) = await Client.ExchangeAsync("GET", path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            $$$"""{"error":{"code":404,"status":"NOT_FOUND","message":"There is nothing at this path.","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"METHOD_NOT_FOUND","domain":"a2a-protocol.org","metadata":{"path":"{{{path}}}"}}]}}""",
            body);
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/extendedAgentCard")]
    [InlineData("/v1/a/b/tasks")]
    public async Task APathOfTheOlderVersionWithNothingAtItIsNotFound(string path)
    {
        var (response, _) = await Client.ExchangeAsync("GET", path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/message:send", "POST, OPTIONS")]
    [InlineData("PUT", "/message:stream", "POST, OPTIONS")]
    [InlineData("POST", "/tasks", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/tasks/x", "GET, HEAD, OPTIONS")]
    [InlineData("DELETE", "/tasks/x", "GET, HEAD, OPTIONS")]
    [InlineData("GET", "/tasks/x:cancel", "POST, OPTIONS")]
    [InlineData("HEAD", "/tasks/x:subscribe", "GET, POST, OPTIONS")]
    [InlineData("DELETE", "/tasks/x/pushNotificationConfigs", "GET, HEAD, POST, OPTIONS")]
    [InlineData("POST", "/tasks/x/pushNotificationConfigs/y", "GET, HEAD, DELETE, OPTIONS")]
    [InlineData("POST", "/extendedAgentCard", "GET, HEAD, OPTIONS")]
    [InlineData("PATCH", "/", "GET, HEAD, POST, OPTIONS")]
    public async Task AnotherMethodThanAPathTakesIsAnsweredWithThoseItTakes(string method, string path, string allowed)
    {
        var (response, body) = await Client.ExchangeAsync(method, path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        if (method != "HEAD")
        {
            var error = body.Json().GetProperty("error");
            Assert.Equal(405, error.GetProperty("code").GetInt32());
            Assert.Equal("METHOD_NOT_ALLOWED", error.GetProperty("details")[0].GetProperty("reason").GetString());
        }
    }

    [Theory]
    [InlineData("/", "GET, HEAD, POST, OPTIONS")]
    [InlineData("/tasks/x", "GET, HEAD, OPTIONS")]
    public async Task OptionsTellTheMethods(string path, string allowed)
    {
        var (response, body) = await Client.ExchangeAsync("OPTIONS", path);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        Assert.Empty(body);
    }

    [Theory]
    [InlineData("/tasks/{0}")]
    [InlineData("/tasks/{0}/")]
    [InlineData("/v1/tasks/{0}")]
    public async Task HeadTellsTheLengthOnly(string path)
    {
        var taskId = await new HttpJsonWire(Client).SendAsync("echo:hello");
        var target = string.Format(null, path, taskId);

        var (get, body) = await Client.ExchangeAsync("GET", target);
        var (head, nothing) = await Client.ExchangeAsync("HEAD", target);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.NotEmpty(body);
        Assert.Empty(nothing);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.True(get.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task TheInterfaceAddressTellsPeopleWhatIsHere()
    {
        var (response, body) = await Client.ExchangeAsync("GET", "/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("/.well-known/agent-card.json", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/tasks/{0}:cancel")]
    [InlineData("/tasks/{0}%3Acancel")]
    [InlineData("/tasks/{0}%3acancel")]
    [InlineData("/v1/tasks/{0}%3Acancel")]
    public async Task ColonsMayBeEncoded(string path)
    {
        var taskId = await new HttpJsonWire(Client).SendAsync("hold:colon", new SendOptions { Wait = false });

        var (response, body) = await Client.ExchangeAsync("POST", string.Format(null, path, taskId));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("CANCEL", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData(" null\n")]
    [InlineData("{}")]
    [InlineData("""{"id":"{0}","metadata":{"why":"because"}}""")]
    public async Task ACancelNeedsNoBody(string body)
    {
        var taskId = await new HttpJsonWire(Client).SendAsync("hold:body", new SendOptions { Wait = false });

        var (response, _) = await Client.ExchangeAsync(
            "POST", $"/tasks/{taskId}:cancel", body.Replace("{0}", taskId, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/tasks/x:cancel", """{"id":"y"}""", "id")]
    [InlineData("POST", "/v1/tasks/x:cancel", """{"id":"y"}""", "id")]
    [InlineData("POST", "/tasks/x:subscribe", """{"id":"y"}""", "id")]
    [InlineData("POST", "/tasks/x/pushNotificationConfigs", """{"taskId":"y","url":"https://example.com"}""", "taskId")]
    public async Task ABodyDoesNotNameAnotherTaskThanThePath(string method, string path, string body, string field)
    {
        var (response, text) = await Client.ExchangeAsync(method, path, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"\"field\":\"{field}\",\"description\":\"differs from the task in the path\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/message:send", "")]
    [InlineData("/message:stream", "")]
    [InlineData("/tasks/x/pushNotificationConfigs", "")]
    public async Task ABodyThatIsNeededIsMissed(string path, string body)
    {
        var (response, text) = await Client.ExchangeAsync("POST", path, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            """{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"The request has no body; a JSON object is expected.","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"PARSE_ERROR","domain":"a2a-protocol.org"}]}}""",
            text);
    }

    [Theory]
    [InlineData("{", "PARSE_ERROR", null)]
    [InlineData("[]", "INVALID_PARAMS", "")]
    [InlineData("null", "INVALID_PARAMS", "")]
    [InlineData("{}", "INVALID_PARAMS", "message")]
    [InlineData("""{"message":7}""", "INVALID_PARAMS", "message")]
    [InlineData("""{"message":{"messageId":"m","role":"ROLE_USER","parts":[]}}""", "INVALID_PARAMS", "message.parts")]
    [InlineData("""{"message":{"messageId":"m","role":"ROLE_USER"}}""", "INVALID_PARAMS", "message.parts")]
    [InlineData("""{"message":{"role":"ROLE_USER","parts":[{"text":"x"}]}}""", "INVALID_PARAMS", "message.messageId")]
    [InlineData("""{"message":{"messageId":"m","parts":[{"text":"x"}]}}""", "INVALID_PARAMS", "message.role")]
    [InlineData("""{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"raw":"?!"}]}}""", "INVALID_PARAMS", "message.parts[0].raw")]
    [InlineData("""{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":7}]}}""", "INVALID_PARAMS", "message.parts[0].text")]
    [InlineData("""{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"}]},"configuration":{"historyLength":-1}}""", "INVALID_PARAMS", "configuration.historyLength")]
    [InlineData("""{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"raw":"AA==","mediaType":"video/mp4"}]}}""", "CONTENT_TYPE_NOT_SUPPORTED", null)]
    public async Task ABadMessageIsRefusedAlikeInBothBindings(string message, string reason, string? field)
    {
        var (response, body) = await Client.ExchangeAsync("POST", "/message:send", message);
        var rpc = await Client.RpcAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{{{message}}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var details = body.Json().GetProperty("error").GetProperty("details");
        Assert.Equal(reason, details[0].GetProperty("reason").GetString());
        if (field is not null)
            Assert.Equal(field, details[1].GetProperty("fieldViolations")[0].GetProperty("field").GetString());
        // What is no object is no params in JSON-RPC, and not found to be a message.
        if (message is not ("{" or "[]" or "null"))
            Assert.Contains(details.GetRawText(), rpc, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/message:send", "text/plain")]
    [InlineData("/message:stream", "application/xml")]
    [InlineData("/v1/message:send", "application/x-www-form-urlencoded")]
    [InlineData("/tasks/x:cancel", "text/html")]
    public async Task AnotherMediaTypeThanJsonIsRefused(string path, string contentType)
    {
        var (response, body) = await Client.ExchangeAsync(RawHttp.Request("POST", path, "{}", contentType));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("CONTENT_TYPE_NOT_SUPPORTED", body, StringComparison.Ordinal);
        Assert.Contains(contentType, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnErrorOfTheOlderVersionHasTheShapeItsClientsRead()
    {
        var (response, body) = await Client.ExchangeAsync("GET", "/v1/tasks/x");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """{"code":-32001,"message":"The task was not found.","data":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"TASK_NOT_FOUND","domain":"a2a-protocol.org","metadata":{"taskId":"x"}}]}""",
            body);
    }

    [Theory]
    [InlineData("/tasks/{0}?history_length=0")]
    [InlineData("/v1/tasks/{0}?history_length=0")]
    [InlineData("/tasks/{0}?historyLength=5&historyLength=0")]
    public async Task QueryParametersAreReadInBothSpellingsAndTheLastOneCounts(string path)
    {
        var taskId = await new HttpJsonWire(Client).SendAsync("echo:hello");

        var (_, body) = await Client.ExchangeAsync("GET", string.Format(null, path, taskId));

        Assert.False(body.Json().TryGetProperty("history", out _));
    }

    [Theory]
    [InlineData("/tasks?includeArtifacts=maybe", "includeArtifacts")]
    [InlineData("/tasks?pageSize=1.5", "pageSize")]
    [InlineData("/tasks?pageSize=99999999999999999999", "pageSize")]
    [InlineData("/tasks/x?historyLength=many", "historyLength")]
    public async Task AQueryParameterOfTheWrongTypeIsNamed(string path, string field)
    {
        var (response, body) = await Client.ExchangeAsync("GET", path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"\"field\":\"{field}\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyQueryParameterIsUnset()
    {
        var (response, _) = await Client.ExchangeAsync("GET", "/tasks?pageSize=&status=&pageToken=&contextId=");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task IdsOfWebhooksMayHoldAnyCharacterButASlash()
    {
        var taskId = await new HttpJsonWire(Client).SendAsync("echo:hello");
        const string Id = "b:c é%41?";
        var (_, made) = await Client.ExchangeAsync("POST", $"/tasks/{taskId}/pushNotificationConfigs", $$"""{"id":"{{Id}}","url":"https://example.com"}""");
        Assert.Equal(Id, made.Json().GetProperty("id").GetString());

        var (response, body) = await Client.ExchangeAsync("GET", $"/tasks/{taskId}/pushNotificationConfigs/{Uri.EscapeDataString(Id)}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Id, body.Json().GetProperty("id").GetString());
    }
}
