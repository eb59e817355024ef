using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Tests.Protocol.V0_3;

public class TaskPushNotificationConfigTests
{
    private static readonly TaskPushNotificationConfig Config = new()
    {
        TaskId = "t1",
        Id = "p1",
        Url = "https://x.example/hook",
        Token = "s",
        Authentication = new() { Scheme = "Bearer", Credentials = "c" },
    };

    private const string Inner = """{"id":"p1","url":"https://x.example/hook","token":"s","authentication":{"schemes":["Bearer"],"credentials":"c"}}""";

    [Theory]
    [InlineData("1.0", """{"id":"p1","taskId":"t1","url":"https://x.example/hook","token":"s","authentication":{"scheme":"Bearer","credentials":"c"}}""")]
    [InlineData(Formats.JsonRpc, $$"""{"taskId":"t1","pushNotificationConfig":{{Inner}}}""")]
    [InlineData(Formats.Http, $$"""{"name":"tasks/t1/pushNotificationConfigs/p1","pushNotificationConfig":{{Inner}}}""")]
    public void AWebhookIsWrittenAndReadAlike(string format, string json)
    {
        Assert.Equal(json, Wire.Write(writer => Formats.Named(format).WriteTaskPushNotificationConfig(writer, Config)));
        Assert.Equal(Config, Formats.Named(format).ReadCreateTaskPushNotificationConfig(Wire.Utf8(json)));
    }

    [Theory]
    [InlineData("""{"parent":"tasks/t1","configId":"p1","config":{"pushNotificationConfig":{"url":"https://x.example/hook"}}}""", "p1")]
    [InlineData("""{"parent":"tasks/t1","config_id":"p1","config":{"name":"","push_notification_config":{"url":"https://x.example/hook"}}}""", "p1")]
    [InlineData("""{"parent":"tasks/t1/pushNotificationConfigs","config":{"name":"tasks/t1/pushNotificationConfigs/p1","pushNotificationConfig":{"url":"https://x.example/hook"}}}""", "p1")]
    [InlineData("""{"name":"tasks/t1/pushNotificationConfigs/","pushNotificationConfig":{"url":"https://x.example/hook"}}""", "default")]
    [InlineData("""{"taskId":"t1","pushNotificationConfig":{"url":"https://x.example/hook"}}""", "default")]
    [InlineData("""{"taskId":"t1","pushNotificationConfig":{"id":"","url":"https://x.example/hook","authentication":{"schemes":[]}}}""", "default")]
    public void ClientsNameTaskAndIdInManyWays(string json, string id)
    {
        foreach (var format in new[] { WireFormat.V0_3JsonRpc, WireFormat.V0_3Http })
        {
            Assert.Equal(
                new TaskPushNotificationConfig { TaskId = "t1", Id = id, Url = "https://x.example/hook" },
                format.ReadCreateTaskPushNotificationConfig(Wire.Utf8(json)));
        }
    }

    [Theory]
    [InlineData("""{"schemes":["Bearer","Basic"],"credentials":"c"}""")]
    [InlineData("""{"scheme":"Bearer","credentials":"c"}""")]
    public void EitherVersionReadsTheSchemesOfTheOther(string authentication)
    {
        var expected = new AuthenticationInfo { Scheme = "Bearer", Credentials = "c" };
        var inner = $$"""{"id":"p1","url":"https://x.example/hook","authentication":{{authentication}}}""";
        var create = Wire.Utf8($$"""{"taskId":"t1","pushNotificationConfig":{{inner}}}""");

        foreach (var format in Formats.All)
            Assert.Equal(expected, format.ReadCreateTaskPushNotificationConfig(create).Authentication);
        Assert.Equal(expected, WireFormat.V1.ReadCreateTaskPushNotificationConfig(Wire.Utf8(inner)).Authentication);
    }

    [Theory]
    [InlineData("taskPushNotificationConfig")]
    [InlineData("task_push_notification_config")]
    [InlineData("pushNotificationConfig")]
    [InlineData("push_notification_config")]
    [InlineData("pushNotification")]
    public void EitherVersionReadsTheNamesOfTheOtherInASend(string name)
    {
        var send = Wire.Utf8($$$$"""{"message":{"messageId":"m"},"configuration":{"{{{{name}}}}":{"id":"p1","url":"https://x.example/hook"}}}""");

        foreach (var format in Formats.All)
        {
            Assert.Equal(
                new TaskPushNotificationConfig { Id = "p1", Url = "https://x.example/hook" },
                format.ReadSendMessage(send).Configuration!.TaskPushNotificationConfig);
        }
    }

    [Fact]
    public void AnEmptyRequestIsLeftToTheValidation() => Assert.Equal(
        ["taskId", "url"],
        Wire.Refused(() =>
        RequestValidation.Check(WireFormat.V0_3Http.ReadCreateTaskPushNotificationConfig(Wire.Utf8("{}")))).FieldViolations.Select(
        violation => violation.Field));

    [Fact]
    public void WebhooksAreNamedByTaskAndId()
    {
        var format = WireFormat.V0_3JsonRpc;
        var both = Wire.Utf8("""{"id":"t1","pushNotificationConfigId":"p1"}""");
        var task = Wire.Utf8("""{"id":"t1"}""");
        Assert.Equal("""{"taskId":"t1","id":"p1"}""", Wire.Write(format.ReadGetTaskPushNotificationConfig(both)));
        Assert.Equal("""{"taskId":"t1","id":"default"}""", Wire.Write(format.ReadGetTaskPushNotificationConfig(task)));
        Assert.Equal("""{"taskId":"t1","id":"p1"}""", Wire.Write(format.ReadDeleteTaskPushNotificationConfig(both)));
        Assert.Equal("""{"taskId":"t1"}""", Wire.Write(format.ReadDeleteTaskPushNotificationConfig(task)));
        Assert.Equal("""{"taskId":"t1"}""", Wire.Write(format.ReadListTaskPushNotificationConfigs(task)));
    }

    [Fact]
    public void ListsAreAnArrayInJsonRpcAndAnObjectElsewhere()
    {
        var list = new ListTaskPushNotificationConfigsResponse
        {
            Configs = [new() { TaskId = "t1", Id = "p1", Url = "u" }],
            NextPageToken = ""
        };
        Assert.Equal("""{"configs":[{"id":"p1","taskId":"t1","url":"u"}],"nextPageToken":""}""", Wire.Write(writer => WireFormat.V1.WriteTaskPushNotificationConfigs(writer, list)));
        Assert.Equal("""[{"taskId":"t1","pushNotificationConfig":{"id":"p1","url":"u"}}]""", Wire.Write(writer => WireFormat.V0_3JsonRpc.WriteTaskPushNotificationConfigs(writer, list)));
        Assert.Equal("""{"configs":[{"name":"tasks/t1/pushNotificationConfigs/p1","pushNotificationConfig":{"id":"p1","url":"u"}}]}""", Wire.Write(writer => WireFormat.V0_3Http.WriteTaskPushNotificationConfigs(writer, list)));
    }

    [Theory]
    [InlineData("1.0", "{}")]
    [InlineData(Formats.JsonRpc, "null")]
    [InlineData(Formats.Http, "{}")]
    public void EndingAWebhookSaysNothing(string format, string json) =>
        Assert.Equal(json, Wire.Write(Formats.Named(format).WriteDeletedTaskPushNotificationConfig));
}
