using System.Net;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.JsonRpc;

/// <summary>The JSON-RPC 2.0 envelope, byte by byte.</summary>
public sealed class JsonRpcEnvelopeTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    private const string NotFound =
        """
        "error":{"code":-32001,"message":"The task was not found.","data":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"TASK_NOT_FOUND","domain":"a2a-protocol.org","metadata":{"taskId":"x"}}]}}
        """;

    private HttpClient Client => fixture.Host.Client;

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    [InlineData("-7")]
    [InlineData("9007199254740993")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("1.5")]
    [InlineData("1e400")]
    [InlineData("\"\"")]
    [InlineData("\"a\"")]
    [InlineData("\"\\u00e9\\n\\\"\"")]
    [InlineData("\"é 日本\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("null")]
    public async Task AnIdComesBackExactlyAsItCame(string id)
    {
        var body = await Client.RpcAsync($$$"""{"jsonrpc":"2.0","id": {{{id}}} ,"method":"GetTask","params":{"id":"x"}}""");

        Assert.Equal($$$"""{"jsonrpc":"2.0","id":{{{id}}},{{{NotFound}}}""", body);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("true")]
    [InlineData("false")]
    public async Task AnIdOfAnotherTypeIsAnInvalidRequest(string id)
    {
        var body = await Client.RpcAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"GetTask","params":{"id":"x"}}""");

        Assert.Equal(Error(-32600, "id must be a string, a number or null.", "INVALID_REQUEST"), body);
    }

    [Theory]
    [InlineData("GetTask")]
    [InlineData("tasks/get")]
    public async Task ARequestWithoutAnIdIsAnsweredAsOneWhoseIdIsNull(string method)
    {
        var body = await Client.RpcAsync($$$"""{"jsonrpc":"2.0","method":"{{{method}}}","params":{"id":"x"}}""");

        Assert.Equal($$$"""{"jsonrpc":"2.0","id":null,{{{NotFound}}}""", body);
    }

    [Fact]
    public async Task AStreamWithoutAnIdHasEventsWhoseIdIsNull()
    {
        using var stream = await Client.StreamAsync(RawHttp.Request("POST", "/",
            """{"jsonrpc":"2.0","method":"SendStreamingMessage","params":{"message":{"messageId":"without-an-id","role":"ROLE_USER","parts":[{"text":"echo:x"}]}}}"""));

        var events = await stream.ReadToEndAsync();

        Assert.All(events, item => Assert.StartsWith("""{"jsonrpc":"2.0","id":null,"result":""", item.Data, StringComparison.Ordinal));
        Assert.Equal("COMPLETED", V1Bodies.StateOf(events[^1].Json.GetProperty("result").GetProperty("statusUpdate")));
    }

    /// <summary>What the conformance suite of 0.3 sends, none with an id but one, and the codes that it asks for.</summary>
    [Theory]
    [InlineData("""{"jsonrpc":"aaa","method":"message/send","params":{}}""", -32600)]
    [InlineData("""{"method":"message/send","params":{}}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","params":{}}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":"message/ssend","params":{}}""", -32601)]
    [InlineData("""{"jsonrpc":"2.0","method":"","params":{}}""", -32601)]
    [InlineData("""{"jsonrpc":"2.0","method":"message/send","params":{},"id":{"bad":"type"}}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":"message/send","params":{"":"not_a_dict"}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","method":"message/send","params":"not_a_dict"}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","method":"SendMessage","params":["positional"]}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","method":"SendMessage"}""", -32602)]
    public async Task AMalformedRequestIsAnsweredWithTheCodeOfWhatIsWrongWithIt(string request, int code)
    {
        var (response, body) = await Client.ExchangeAsync("POST", "/", request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(JsonValueKind.Null, body.Json().GetProperty("id").ValueKind);
        Assert.Equal(code, body.Json().GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task AnEndlessIdIsAnInvalidRequest()
    {
        var body = await Client.RpcAsync($$$"""{"jsonrpc":"2.0","id":"{{{new string('x', 5000)}}}","method":"GetTask","params":{"id":"x"}}""");

        Assert.Equal(Error(-32600, "id must not be longer than 4096 bytes.", "INVALID_REQUEST"), body);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"GetTask"}""")]
    [InlineData("""{"jsonrpc":2.0,"id":1,"method":"GetTask"}""")]
    [InlineData("""{"jsonrpc":["2.0"],"id":1,"method":"GetTask"}""")]
    [InlineData("""{"id":1,"method":"GetTask"}""")]
    public async Task AnotherVersionOfJsonRpcIsAnInvalidRequest(string request) =>
        Assert.Equal(Error(-32600, "jsonrpc must be \\\"2.0\\\".", "INVALID_REQUEST", "1"), await Client.RpcAsync(request));

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":null}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":{"a":["GetTask"]}}""")]
    public async Task ARequestWithoutAMethodIsInvalid(string request) =>
        Assert.Equal(Error(-32600, "method is missing or not a string.", "INVALID_REQUEST", "1"), await Client.RpcAsync(request));

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"x"}}]""")]
    public async Task ABatchIsAnInvalidRequest(string request) =>
        Assert.Equal(
            Error(-32600, "Batches are not supported: send one request at a time.", "INVALID_REQUEST"), await Client.RpcAsync(request));

    [Theory]
    [InlineData("7")]
    [InlineData("\"GetTask\"")]
    [InlineData("null")]
    [InlineData("true")]
    public async Task WhatIsNoObjectIsAnInvalidRequest(string request) =>
        Assert.Equal(Error(-32600, "The request must be a JSON object.", "INVALID_REQUEST"), await Client.RpcAsync(request));

    [Theory]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("[1,")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"GetTask\",\"params\":{\"id\":\"x\"}} trailing")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"GetTask\",\"params\":{\"id\":\"x\"},}")]
    [InlineData("{'jsonrpc':'2.0'}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("\t \r\n")]
    public async Task MalformedJsonIsAParseErrorWithoutAnId(string request) =>
        Assert.Equal(Error(-32700, "The request is not valid JSON.", "PARSE_ERROR"), await Client.RpcAsync(request));

    [Fact]
    public async Task AnEmptyBodyIsAParseErrorThatSaysSo() =>
        Assert.Equal(Error(-32700, "The request has no body; a JSON object is expected.", "PARSE_ERROR"), await Client.RpcAsync(""));

    [Fact]
    public async Task BytesThatAreNoUtf8AreAParseError()
    {
        byte[] bytes = [.. "{\"jsonrpc\":\"2.0\",\"id\":\""u8, 0xff, .. "\",\"method\":\"GetTask\",\"params\":{\"id\":\"x\"}}"u8];
        using var request = RawHttp.Request("POST", "/", "");
        request.Content = new ByteArrayContent(bytes);

        var (response, body) = await Client.ExchangeAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Error(-32700, "The request is not valid JSON.", "PARSE_ERROR"), body);
    }

    [Fact]
    public async Task AnUnknownMethodIsNotFound()
    {
        var body = await Client.RpcAsync("""{"jsonrpc":"2.0","id":1,"method":"tasks/dance","params":{}}""");

        Assert.Equal(Error(-32601, "The method does not exist.", "METHOD_NOT_FOUND", "1", ""","metadata":{"method":"tasks/dance"}"""), body);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[\"x\"]")]
    [InlineData("\"x\"")]
    [InlineData("7")]
    [InlineData("false")]
    public async Task ParamsOfAnotherTypeThanAnObjectAreInvalid(string parameters)
    {
        var body = await Client.RpcAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{{{parameters}}}}""");

        Assert.Equal(
            """{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"params must be a JSON object.","data":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"INVALID_PARAMS","domain":"a2a-protocol.org"},{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"params","description":"must be a JSON object"}]}]}}""",
            body);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"GetTask"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":null}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{}}""")]
    public async Task MissingParamsLackTheirRequiredFields(string request)
    {
        var body = await Client.RpcAsync(request);

        Assert.Contains("\"message\":\"id is required.\"", body, StringComparison.Ordinal);
        Assert.Contains("-32602", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MembersComeInAnyOrderAreUnescapedAndUnknownOnesAreIgnored()
    {
        var body = await Client.RpcAsync(
            """{"extra":{"id":2},"params":{"id":"x"},"meth\u006fd":"GetT\u0061sk","id":1,"jsonrpc":"2\u002e0","more":[1,{"method":"x"}]}""");

        Assert.Equal($$$"""{"jsonrpc":"2.0","id":1,{{{NotFound}}}""", body);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task MembersBesideParamsMayNestAsDeepAsTheyLike(int depth)
    {
        var body = await Client.RpcAsync(
            $$$"""{"jsonrpc":"2.0","more":{{{Nested(depth)}}},"method":"GetTask","id":1,"params":{"id":"x"}}""");

        Assert.Equal($$$"""{"jsonrpc":"2.0","id":1,{{{NotFound}}}""", body);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/a2a+json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task AnotherMediaTypeThanJsonIsRefused(string contentType)
    {
        var (response, body) = await Client.ExchangeAsync(
            RawHttp.Request("POST", "/", """{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"x"}}""", contentType));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var metadata = $$$""","metadata":{"contentType":"{{{contentType}}}"}""";
        Assert.Equal(Error(-32005, "The request's body must be application/json.", "CONTENT_TYPE_NOT_SUPPORTED", metadata: metadata), body);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"; profile=x")]
    [InlineData("APPLICATION/JSON")]
    [InlineData(null)]
    public async Task JsonWithAnyParametersIsRead(string? contentType)
    {
        var (_, body) = await Client.ExchangeAsync(
            RawHttp.Request("POST", "/", """{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"x"}}""", contentType));

        Assert.Contains("TASK_NOT_FOUND", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResultsHaveTheirLengthAndType()
    {
        var taskId = await new JsonRpcWire(Client).SendAsync("echo:hello");

        var (response, body) = await Client.ExchangeAsync(
            "POST", "/", $$$"""{"jsonrpc":"2.0","id":"a","method":"GetTask","params":{"id":"{{{taskId}}}"}}""");

        Assert.Equal(Encoding.UTF8.GetByteCount(body), response.Content.Headers.ContentLength);
        Assert.StartsWith($$$"""{"jsonrpc":"2.0","id":"a","result":{"id":"{{{taskId}}}",""", body, StringComparison.Ordinal);
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static string Error(int code, string message, string reason, string id = "null", string metadata = "") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":{{{code}}},"message":"{{{message}}}","data":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{{{reason}}}","domain":"a2a-protocol.org"{{{metadata}}}}]}}""";
}
