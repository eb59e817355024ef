using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>How deep JSON may nest: as deep over every binding and in every version, and what nests deeper is named.</summary>
public sealed class NestingTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    public static TheoryData<string> WireNames => [.. Wires.Names];

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task DataMayNest48LevelsAndComesBack(string wireName)
    {
        var wire = Wires.Of(wireName, fixture.Host.Client);

        var reply = await wire.AskAsync(Sending(wire, Nested(48)));

        Assert.Null(reply.ErrorCode);
        // With all that is around it, a reader with the usual limit takes it back.
        Assert.Contains(Nested(48), wire.TaskOf(reply.Result).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task DataThatNestsDeeperIsRefusedAndNamed(string wireName)
    {
        var wire = Wires.Of(wireName, fixture.Host.Client);
        foreach (var levels in (int[])[49, 60, 64, 1000, 100_000])
        {
            var reply = await wire.AskAsync(Sending(wire, Nested(levels)));

            Assert.Equal((levels, -32602, "INVALID_PARAMS"), (levels, RpcCodeOf(reply, wire), reply.Reason));
            Assert.Matches(@"^(message\.parts|request\.content)\[0\]\.data nests deeper than 48 levels\.$", reply.Message!);
        }
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task SoIsMetadata(string wireName)
    {
        var wire = Wires.Of(wireName, fixture.Host.Client);
        foreach (var (levels, isTaken) in new[] { (47, true), (48, false), (1000, false) })
        {
            var request = wire.SendRequest("echo:x", new SendOptions())
                .Changed("\"configuration\":{", $"\"metadata\":{{\"x\":{Nested(levels)}}},\"configuration\":{{");

            var reply = await wire.AskAsync(request);

            Assert.Equal((levels, isTaken ? null : "metadata"), (levels, reply.ErrorCode is null ? null : reply.Field));
            Assert.Equal(isTaken ? null : "metadata nests deeper than 48 levels.", reply.Message);
        }
    }

    [Theory]
    [InlineData(""" "parts":[{"text":"echo:x"}],"metadata":{"x":#} """, "message.metadata", 48)]
    [InlineData(""" "parts":[{"text":"echo:x"},{"text":"","metadata":{"x":#}}] """, "message.parts[1].metadata", 48)]
    [InlineData(""" "parts":[{"text":"echo:x","unknown":#}] """, "message.parts[0].unknown", 64)]
    public async Task WhateverNestsTooDeepIsNamed(string members, string field, int tooMany)
    {
        foreach (var levels in (int[])[tooMany, 1000])
        {
            var body = """{"message":{"messageId":"m","role":"ROLE_USER",@}}""".Replace("@", members, StringComparison.Ordinal)
                .Replace("#", Nested(levels), StringComparison.Ordinal);

            var (_, http) = await fixture.Host.Client.ExchangeAsync("POST", "/message:send", body);
            var rpc = await fixture.Host.Client.RpcAsync($$"""{"jsonrpc":"2.0","id":7,"method":"SendMessage","params":{{body}}}""");

            var message = $"\"message\":\"{field} nests deeper than 48 levels.\"";
            Assert.Contains(message, http, StringComparison.Ordinal);
            Assert.Contains($"\"id\":7,\"error\":{{\"code\":-32602,{message}", rpc, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("POST", "/tasks/x:cancel", """{"metadata":{"x":#}}""")]
    [InlineData("POST", "/", """{"jsonrpc":"2.0","id":7,"method":"CancelTask","params":{"id":"x","metadata":{"x":#}}}""")]
    [InlineData("POST", "/", """{"jsonrpc":"2.0","id":7,"method":"tasks/cancel","params":{"id":"x","metadata":{"x":#}}}""")]
    public async Task TheMetadataOfACancelIsNamedToo(string method, string path, string body)
    {
        foreach (var levels in (int[])[48, 1000])
        {
            var deep = body.Replace("#", Nested(levels), StringComparison.Ordinal);
            var (_, answer) = await fixture.Host.Client.ExchangeAsync(method, path, deep);
            Assert.Contains("\"message\":\"metadata nests deeper than 48 levels.\"", answer, StringComparison.Ordinal);
        }
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static HttpRequestMessage Sending(Wire wire, string data) =>
        wire.SendRequest("echo:x", new SendOptions()).Changed("\"text\":\"echo:x\"", $"\"data\":{data}");

    /// <summary>1.0's HTTP+JSON has the HTTP status for a code.</summary>
    private static int RpcCodeOf(Reply reply, Wire wire) =>
        !wire.IsJsonRpc && reply.ErrorCode == 400 ? -32602 : reply.ErrorCode!.Value;
}
