using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Tests.Protocol.V0_3;

public class RequestTests
{
    private const string Read = """{"message":{"messageId":"m","contextId":"c","taskId":"t","role":"ROLE_USER","parts":[{"text":"hi"},{"raw":"AQID","mediaType":"a/b"}]}}""";

    [Theory]
    [InlineData(Formats.JsonRpc, """{"message":{"kind":"message","messageId":"m","contextId":"c","taskId":"t","role":"user","parts":[{"kind":"text","text":"hi"},{"kind":"file","file":{"bytes":"AQID","mimeType":"a/b"}}]}}""")]
    [InlineData(Formats.JsonRpc, """{"message":{"message_id":"m","context_id":"c","task_id":"t","role":"ROLE_USER","parts":[{"text":"hi"},{"file":{"file_with_bytes":"AQID","mime_type":"a/b"}}]}}""")]
    [InlineData(Formats.Http, """{"message":{"messageId":"m","contextId":"c","taskId":"t","role":"ROLE_USER","content":[{"text":"hi"},{"file":{"fileWithBytes":"AQID","mimeType":"a/b"}}]}}""")]
    [InlineData(Formats.Http, """{"request":{"message_id":"m","context_id":"c","task_id":"t","role":"ROLE_USER","content":[{"text":"hi"},{"file":{"file_with_bytes":"AQID","mime_type":"a/b"}}]}}""")]
    [InlineData(Formats.Http, """{"request":{"messageId":"m","contextId":"c","taskId":"t","role":1,"parts":[{"text":"hi"},{"file":{"fileWithBytes":"AQID","mimeType":"a/b"}}]}}""")]
    [InlineData(Formats.Http, """{"message":{"kind":"message","messageId":"m","contextId":"c","taskId":"t","role":"user","parts":[{"kind":"text","text":"hi"},{"kind":"file","file":{"bytes":"AQID","mimeType":"a/b"}}]}}""")]
    [InlineData(Formats.Http, """{"message":{"messageId":"m","contextId":"c","taskId":"t","role":"user","future":{"x":1},"parts":[{"text":"hi","future":1},{"file":{"bytes":"AQID","mimeType":"a/b"}}]},"future":[]}""")]
    public void MessagesAreReadInEverySpelling(string format, string json) =>
        Assert.Equal(Read, Wire.Write(Formats.Named(format).ReadSendMessage(Wire.Utf8(json))));

    [Theory]
    [InlineData(Formats.Http, """{"data":{"data":{"data":1}}}""", """{"data":1}""")]
    [InlineData(Formats.Http, """{"kind":"data","data":{"data":{"x":1}}}""", """{"data":{"x":1}}""")]
    [InlineData(Formats.Http, """{"data":{"x":1}}""", """{"x":1}""")]
    [InlineData(Formats.JsonRpc, """{"kind":"data","data":{"data":{"x":1}}}""", """{"data":{"x":1}}""")]
    [InlineData(Formats.JsonRpc, """{"data":{"data":1}}""", """{"data":1}""")]
    [InlineData(Formats.JsonRpc, """{"kind":"data","data":{"value":1}}""", """{"value":1}""")]
    [InlineData(Formats.JsonRpc, """{"kind":"data","data":{"value":1},"metadata":{"data_part_compat":false}}""", """{"value":1}""")]
    [InlineData(Formats.JsonRpc, """{"kind":"data","data":{"value":1.0},"metadata":{"data_part_compat":true}}""", "1.0")]
    public void DataIsTakenOutOfItsWrapping(string format, string part, string data)
    {
        var message = Formats.Named(format).ReadSendMessage(Wire.Utf8($$$"""{"message":{"parts":[{{{part}}}]}}""")).Message;
        Assert.Equal($$"""{"data":{{data}}}""", Wire.Write(message.Parts[0] with { Metadata = null }));
    }

    [Theory]
    [InlineData(Formats.JsonRpc, "", false)]
    [InlineData(Formats.JsonRpc, ""","configuration":{}""", false)]
    [InlineData(Formats.JsonRpc, ""","configuration":{"blocking":null}""", false)]
    [InlineData(Formats.JsonRpc, ""","configuration":{"blocking":true}""", false)]
    [InlineData(Formats.JsonRpc, ""","configuration":{"blocking":false}""", true)]
    [InlineData(Formats.Http, "", false)]
    [InlineData(Formats.Http, ""","configuration":{}""", true)]
    [InlineData(Formats.Http, ""","configuration":{"blocking":false}""", true)]
    [InlineData(Formats.Http, ""","configuration":{"blocking":true}""", false)]
    public void BlockingDecidesWhetherToReturnImmediately(string format, string configuration, bool returnImmediately)
    {
        var json = """{"message":{"messageId":"m"}""" + configuration + "}";
        var request = Formats.Named(format).ReadSendMessage(Wire.Utf8(json));
        Assert.Equal(returnImmediately, request.Configuration?.ReturnImmediately ?? false);
    }

    [Theory]
    [InlineData(Formats.JsonRpc, "pushNotificationConfig")]
    [InlineData(Formats.JsonRpc, "push_notification_config")]
    [InlineData(Formats.Http, "pushNotification")]
    [InlineData(Formats.Http, "push_notification")]
    [InlineData(Formats.Http, "pushNotificationConfig")]
    public void TheRestOfTheConfigurationIsRead(string format, string name)
    {
        var request = Formats.Named(format).ReadSendMessage(Wire.Utf8(
            $$$$"""{"message":{"messageId":"m"},"configuration":{"acceptedOutputModes":["a/b"],"historyLength":2,"blocking":true,"{{{{name}}}}":{"url":"https://x.example","authentication":{"schemes":["Bearer","Basic"],"credentials":"c"}}},"metadata":{"a_b":1}}"""));
        Assert.Equal(
            """{"configuration":{"acceptedOutputModes":["a/b"],"taskPushNotificationConfig":{"id":"default","url":"https://x.example","authentication":{"scheme":"Bearer","credentials":"c"}},"historyLength":2}}""",
            Wire.Write(request with { Message = null!, Metadata = null }));
        Assert.Equal("""{"a_b":1}""", request.Metadata!.Value.GetRawText());
    }

    [Theory]
    [InlineData(Formats.JsonRpc, """{"message":{"parts":[{"kind":"file","file":{"bytes":"!"}}]}}""", "message.parts[0].file.bytes")]
    [InlineData(Formats.Http, """{"request":{"content":[{"file":{"file_with_bytes":"!"}}]}}""", "request.content[0].file.fileWithBytes")]
    [InlineData(Formats.JsonRpc, """{"message":{"role":{}}}""", "message.role")]
    [InlineData(Formats.JsonRpc, """{"message":{"parts":[{"text":"a"},{"kind":"file","file":{}}]}}""", "message.parts[1]")]
    [InlineData(Formats.Http, """{"request":{"content":[{"file":{}}]}}""", "request.content[0]")]
    [InlineData(Formats.JsonRpc, """{"message":{"parts":[{"kind":"text","text":"a","data":{}}]}}""", "message.parts[0]")]
    [InlineData(Formats.JsonRpc, """{"message":{"messageId":"m","role":"user","parts":[null]}}""", "message.parts[0]")]
    public void WhatIsWrongIsNamedAsTheClientSentIt(string format, string json, string field)
    {
        var error = Wire.Refused(() => Formats.Named(format).ReadSendMessage(Wire.Utf8(json)));
        Assert.Same(A2AError.InvalidParams, error.Error);
        Assert.Equal(field, Assert.Single(error.FieldViolations).Field);
    }

    [Theory]
    [InlineData("{}", "message is required")]
    [InlineData("""{"message":{"kind":"message"}}""", "message.messageId is required, and 2 more")]
    [InlineData("""{"message":{"messageId":"m","role":"robot","parts":[{"kind":"text","text":"a"}]}}""", "message.role must be ROLE_USER or ROLE_AGENT")]
    [InlineData("""{"message":{"messageId":"m","role":"user","parts":[{"text":"a"}]},"configuration":{"pushNotificationConfig":{"url":"https://x","authentication":{"schemes":[],"credentials":"c"}}}}""", "configuration.taskPushNotificationConfig.authentication.scheme is required")]
    public void WhatIsMissingIsLeftToTheValidation(string json, string message)
    {
        foreach (var format in new[] { WireFormat.V0_3JsonRpc, WireFormat.V0_3Http })
        {
            var request = format.ReadSendMessage(Wire.Utf8(json));
            Assert.Equal(message + ".", Wire.Refused(() => RequestValidation.Check(request)).Message);
        }
    }

    [Fact]
    public void TasksAreNamedById()
    {
        var format = WireFormat.V0_3JsonRpc;
        Assert.Equal("""{"id":"t","historyLength":0}""", Wire.Write(format.ReadGetTask(Wire.Utf8("""{"id":"t","historyLength":0,"metadata":{}}"""))));
        Assert.Equal("""{"id":"t","historyLength":2}""", Wire.Write(format.ReadGetTask(Wire.Utf8("""{"id":"t","history_length":2}"""))));
        Assert.Equal("""{"id":"t","metadata":{"a":1}}""", Wire.Write(format.ReadCancelTask(Wire.Utf8("""{"id":"t","metadata":{"a":1}}"""))));
        Assert.Equal("""{"id":"t"}""", Wire.Write(format.ReadSubscribeToTask(Wire.Utf8("""{"id":"t"}"""))));
        Assert.Equal("""{"contextId":"c"}""", Wire.Write(format.ReadListTasks(Wire.Utf8("""{"contextId":"c"}"""))));
    }
}
