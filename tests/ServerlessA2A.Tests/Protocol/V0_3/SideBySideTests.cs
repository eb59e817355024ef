using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tests.Protocol.V0_3;

/// <summary>The rows of the table of both versions: what 1.0 has, and how 0.3 writes it over JSON-RPC and over HTTP+JSON.</summary>
public class SideBySideTests
{
    public static TheoryData<string, string, string> Parts => new()
    {
        { """{"text":"hi"}""", """{"kind":"text","text":"hi"}""", """{"text":"hi"}""" },
        { """{"text":"","metadata":{"a":1.0}}""", """{"kind":"text","text":"","metadata":{"a":1.0}}""", """{"text":"","metadata":{"a":1.0}}""" },
        {
            """{"raw":"AQID","filename":"a.png","mediaType":"image/png"}""",
            """{"kind":"file","file":{"name":"a.png","mimeType":"image/png","bytes":"AQID"}}""",
            """{"file":{"name":"a.png","mimeType":"image/png","fileWithBytes":"AQID"}}"""
        },
        {
            """{"url":"https://x.example/f","mediaType":"image/png"}""",
            """{"kind":"file","file":{"mimeType":"image/png","uri":"https://x.example/f"}}""",
            """{"file":{"mimeType":"image/png","fileWithUri":"https://x.example/f"}}"""
        },
        { """{"data":{"a_b":1.0}}""", """{"kind":"data","data":{"a_b":1.0}}""", """{"data":{"data":{"a_b":1.0}}}""" },
        {
            """{"data":[1,2]}""",
            """{"kind":"data","data":{"value":[1,2]},"metadata":{"data_part_compat":true}}""",
            """{"data":{"data":{"value":[1,2]}},"metadata":{"data_part_compat":true}}"""
        },
        {
            """{"data":null,"metadata":{"a":1}}""",
            """{"kind":"data","data":{"value":null},"metadata":{"a":1,"data_part_compat":true}}""",
            """{"data":{"data":{"value":null}},"metadata":{"a":1,"data_part_compat":true}}"""
        },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void PartsAreTranslatedBothWays(string v1, string jsonRpc, string http)
    {
        var artifact = (string part) => $$"""{"artifactId":"a","parts":[{{part}}]}""";
        var update = (string part) => $$$"""{"artifactUpdate":{"taskId":"t","contextId":"c","artifact":{{{artifact(part)}}}}}""";
        AssertStream(
            update(v1),
            $$"""{"kind":"artifact-update","taskId":"t","contextId":"c","artifact":{{artifact(jsonRpc)}},"append":false,"lastChunk":false}""",
            update(http));

        AssertParts(v1, Formats.JsonRpc, $$$"""{"message":{"parts":[{{{jsonRpc}}}]}}""");
        AssertParts(v1, Formats.Http, $$$"""{"message":{"content":[{{{http}}}]}}""");
    }

    public static TheoryData<TaskState, string, string> States => new()
    {
        { TaskState.Submitted, "submitted", "TASK_STATE_SUBMITTED" },
        { TaskState.Working, "working", "TASK_STATE_WORKING" },
        { TaskState.InputRequired, "input-required", "TASK_STATE_INPUT_REQUIRED" },
        { TaskState.Completed, "completed", "TASK_STATE_COMPLETED" },
        { TaskState.Canceled, "canceled", "TASK_STATE_CANCELLED" },
        { TaskState.Failed, "failed", "TASK_STATE_FAILED" },
        { TaskState.Rejected, "rejected", "TASK_STATE_REJECTED" },
        { TaskState.AuthRequired, "auth-required", "TASK_STATE_AUTH_REQUIRED" },
        { TaskState.Unspecified, "unknown", "TASK_STATE_UNSPECIFIED" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void StatesHaveTheirNames(TaskState state, string jsonRpc, string http)
    {
        var task = new A2ATask { Id = "t", ContextId = "c", Status = new() { State = state } };
        Assert.Equal($$$"""{"kind":"task","id":"t","contextId":"c","status":{"state":"{{{jsonRpc}}}"}}""", WriteTask(Formats.JsonRpc, task));
        Assert.Equal($$$"""{"id":"t","contextId":"c","status":{"state":"{{{http}}}"}}""", WriteTask(Formats.Http, task));
        foreach (var format in new[] { WireFormat.V0_3JsonRpc, WireFormat.V0_3Http })
        {
            foreach (var name in new[] { jsonRpc, http, TaskStateNames.ToName(state) })
            {
                Assert.True(format.TryParseTaskState(name, out var read));
                Assert.Equal(state, read);
            }
        }
    }

    [Fact]
    public void UnknownStatesAreRefusedInQueries()
    {
        Assert.False(WireFormat.V0_3Http.TryParseTaskState("sleeping", out _));
        Assert.False(WireFormat.V1.TryParseTaskState("working", out _));
        Assert.True(WireFormat.V1.TryParseTaskState("TASK_STATE_WORKING", out _));
    }

    [Fact]
    public void TheResultOfASendIsBareInJsonRpcAndWrappedInHttp()
    {
        var task = new SendMessageResponse { Task = new() { Id = "t", ContextId = "c", Status = new() { State = TaskState.Working } } };
        AssertSend(
            task,
            """{"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_WORKING"}}}""",
            """{"kind":"task","id":"t","contextId":"c","status":{"state":"working"}}""",
            """{"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_WORKING"}}}""");

        var message =
            new SendMessageResponse
            {
                Message = new()
                {
                    MessageId = "m",
                    ContextId = "c",
                    Role = Role.Agent,
                    Parts = [Part.FromText("hi")]
                }
            };
        AssertSend(
            message,
            """{"message":{"messageId":"m","contextId":"c","role":"ROLE_AGENT","parts":[{"text":"hi"}]}}""",
            """{"kind":"message","messageId":"m","contextId":"c","role":"agent","parts":[{"kind":"text","text":"hi"}]}""",
            """{"msg":{"messageId":"m","contextId":"c","role":"ROLE_AGENT","content":[{"text":"hi"}]}}""");
    }

    [Fact]
    public void AStatusUpdateSaysWhetherItIsTheLast()
    {
        const string V1 =
            """{"statusUpdate":{"taskId":"t","contextId":"c","status":{"state":"TASK_STATE_INPUT_REQUIRED","message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"text":"?"}]},"timestamp":"2026-01-31T00:00:00.000Z"}}}""";
        const string JsonRpc =
            """{"kind":"status-update","taskId":"t","contextId":"c","status":{"state":"input-required","message":{"kind":"message","messageId":"m","role":"agent","parts":[{"kind":"text","text":"?"}]},"timestamp":"2026-01-31T00:00:00.000Z"},"final":FINAL}""";
        const string Http =
            """{"statusUpdate":{"taskId":"t","contextId":"c","status":{"state":"TASK_STATE_INPUT_REQUIRED","update":{"messageId":"m","role":"ROLE_AGENT","content":[{"text":"?"}]},"timestamp":"2026-01-31T00:00:00.000Z"}FINAL}}""";
        AssertStream(V1, Final(JsonRpc, "true"), Final(Http, ""","final":true"""), final: true);
        AssertStream(V1, Final(JsonRpc, "false"), Final(Http, ""), final: false);
    }

    [Fact]
    public void AnArtifactUpdateSaysWhetherItIsAppendedAndTheLast() => AssertStream(
        """{"artifactUpdate":{"taskId":"t","contextId":"c","artifact":{"artifactId":"a","name":"n","description":"d","parts":[],"metadata":{"a":1},"extensions":["urn:x"]},"append":true,"lastChunk":true,"metadata":{"b":2}}}""",
        """{"kind":"artifact-update","taskId":"t","contextId":"c","artifact":{"artifactId":"a","name":"n","description":"d","parts":[],"metadata":{"a":1},"extensions":["urn:x"]},"append":true,"lastChunk":true,"metadata":{"b":2}}""",
        """{"artifactUpdate":{"taskId":"t","contextId":"c","artifact":{"artifactId":"a","name":"n","description":"d","parts":[],"metadata":{"a":1},"extensions":["urn:x"]},"append":true,"lastChunk":true,"metadata":{"b":2}}}""");

    [Fact]
    public void AStreamAlsoCarriesTasksAndMessages()
    {
        AssertStream(
            """{"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"},"artifacts":[{"artifactId":"a","parts":[]}],"history":[{"messageId":"m","role":"ROLE_USER","parts":[]}],"metadata":{"a":1}}}""",
            """{"kind":"task","id":"t","contextId":"c","status":{"state":"completed"},"artifacts":[{"artifactId":"a","parts":[]}],"history":[{"kind":"message","messageId":"m","role":"user","parts":[]}],"metadata":{"a":1}}""",
            """{"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"},"artifacts":[{"artifactId":"a","parts":[]}],"history":[{"messageId":"m","role":"ROLE_USER","content":[]}],"metadata":{"a":1}}}""");
        AssertStream(
            """{"message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"text":"x"}],"referenceTaskIds":["r"]}}""",
            """{"kind":"message","messageId":"m","role":"agent","parts":[{"kind":"text","text":"x"}],"referenceTaskIds":["r"]}""",
            """{"msg":{"messageId":"m","role":"ROLE_AGENT","content":[{"text":"x"}]}}""");
    }

    [Fact]
    public void PagesOfTasksKeepTheirFourMembers()
    {
        var page = new ListTasksResponse
        {
            Tasks = [new() { Id = "t", Status = new() { State = TaskState.Canceled } }],
            NextPageToken = "",
            PageSize = 50,
            TotalSize = 1,
        };
        Assert.Equal(
            """{"tasks":[{"kind":"task","id":"t","status":{"state":"canceled"}}],"nextPageToken":"","pageSize":50,"totalSize":1}""",
            Wire.Write(writer => WireFormat.V0_3JsonRpc.WriteListTasks(writer, page)));
        Assert.Equal(
            """{"tasks":[{"id":"t","status":{"state":"TASK_STATE_CANCELLED"}}],"nextPageToken":"","pageSize":50,"totalSize":1}""",
            Wire.Write(writer => WireFormat.V0_3Http.WriteListTasks(writer, page)));
        Assert.Equal(
            """{"tasks":[{"id":"t","status":{"state":"TASK_STATE_CANCELED"}}],"nextPageToken":"","pageSize":50,"totalSize":1}""",
            Wire.Write(writer => WireFormat.V1.WriteListTasks(writer, page)));
    }

    [Theory]
    [InlineData("1.0", "1.0")]
    [InlineData(Formats.JsonRpc, "0.3")]
    [InlineData(Formats.Http, "0.3")]
    public void FormatsNameTheirVersion(string format, string version) => Assert.Equal(version, Formats.Named(format).Version);

    private static string Final(string json, string final) => json.Replace("FINAL", final, StringComparison.Ordinal);

    private static string WriteTask(string format, A2ATask task) => Wire.Write(writer => Formats.Named(format).WriteTask(writer, task));

    private static void AssertParts(string part, string format, string request) =>
        Assert.Equal(part, Wire.Write(Assert.Single(Formats.Named(format).ReadSendMessage(Wire.Utf8(request)).Message.Parts)));

    private static void AssertStream(string v1, string jsonRpc, string http, bool final = false)
    {
        var response = Wire.Read<StreamResponse>(v1);
        Assert.Equal(v1, Wire.Write(writer => WireFormat.V1.WriteStreamResponse(writer, response, final)));
        Assert.Equal(jsonRpc, Wire.Write(writer => WireFormat.V0_3JsonRpc.WriteStreamResponse(writer, response, final)));
        Assert.Equal(http, Wire.Write(writer => WireFormat.V0_3Http.WriteStreamResponse(writer, response, final)));
    }

    private static void AssertSend(SendMessageResponse response, string v1, string jsonRpc, string http)
    {
        Assert.Equal(v1, Wire.Write(writer => WireFormat.V1.WriteSendMessageResponse(writer, response)));
        Assert.Equal(jsonRpc, Wire.Write(writer => WireFormat.V0_3JsonRpc.WriteSendMessageResponse(writer, response)));
        Assert.Equal(http, Wire.Write(writer => WireFormat.V0_3Http.WriteSendMessageResponse(writer, response)));
    }
}
