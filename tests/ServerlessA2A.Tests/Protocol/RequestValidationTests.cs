using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tests.Protocol;

public class RequestValidationTests
{
    private const string Message = "\"messageId\":\"m\",\"role\":\"ROLE_USER\"";
    private static readonly string TooLong = new('x', RequestValidation.MaxIdLength + 1);

    public static TheoryData<string, string[]> WrongMessages => new()
    {
        { "{}", ["message is required"] },
        { """{"message":{}}""", ["message.messageId is required", "message.role must be ROLE_USER or ROLE_AGENT", "message.parts must contain at least one part"] },
        { """{"message":{"messageId":"","role":"ROLE_UNSPECIFIED","parts":[]}}""", ["message.messageId is required", "message.role must be ROLE_USER or ROLE_AGENT", "message.parts must contain at least one part"] },
        { $$$"""{"message":{{{{Message}}},"parts":[null]}}""", ["message.parts[0] must not be null"] },
        { $$$"""{"message":{{{{Message}}},"parts":[{"text":"a"},{}]}}""", ["message.parts[1] must have exactly one of text, raw, url and data"] },
        { $$$"""{"message":{{{{Message}}},"parts":[{"text":"a","data":null}]}}""", ["message.parts[0] must have exactly one of text, raw, url and data"] },
        { $$$"""{"message":{{{{Message}}},"parts":[{"raw":"AA==","url":"u"}]}}""", ["message.parts[0] must have exactly one of text, raw, url and data"] },
        { $$$"""{"message":{{{{Message}}},"parts":[{"url":""}]}}""", ["message.parts[0] must have an address in url"] },
        { $$$"""{"message":{{{{Message}}},"parts":[{"text":""}],"extensions":["a",null],"referenceTaskIds":[null]}}""", ["message.extensions[1] must not be null", "message.referenceTaskIds[0] must not be null"] },
        { $$$"""{"message":{"messageId":"{{{TooLong}}}","role":1,"contextId":"{{{TooLong}}}","taskId":"{{{TooLong}}}","parts":[{"text":""}]}}""", ["message.messageId must not be longer than 512 bytes", "message.contextId must not be longer than 512 bytes", "message.taskId must not be longer than 512 bytes"] },
        { $$$"""{"message":{{{{Message}}},"parts":[{"text":""}]},"configuration":{"historyLength":-1,"acceptedOutputModes":[null]}}""", ["configuration.acceptedOutputModes[0] must not be null", "configuration.historyLength must not be negative"] },
        { $$$$$"""{"message":{{{{{{Message}}}}},"parts":[{"text":""}]},"configuration":{"taskPushNotificationConfig":{"authentication":{}}}}""", ["configuration.taskPushNotificationConfig.url is required", "configuration.taskPushNotificationConfig.authentication.scheme is required"] },
        { $$$$"""{"message":{{{{{Message}}}},"parts":[{"text":""}]},"configuration":{"taskPushNotificationConfig":{"url":"ftp://x"}}}""", ["configuration.taskPushNotificationConfig.url must be an absolute http or https address"] },
    };

    [Theory]
    [MemberData(nameof(WrongMessages))]
    public void AllThatIsWrongWithAMessageIsSaidAtOnce(string json, string[] violations) =>
        AssertViolations(() => RequestValidation.Check(Wire.Read<SendMessageRequest>(json)), violations);

    [Theory]
    [InlineData("""{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":""}]}}""")]
    [InlineData("""{"message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"raw":""},{"url":"x"},{"data":null}]},"configuration":{"historyLength":0}}""")]
    [InlineData("""{"message":{"messageId":"m","role":1,"parts":[{"text":"a"}]},"configuration":{"taskPushNotificationConfig":{"url":"http://x/y","authentication":{"scheme":"Bearer"}}}}""")]
    public void AValidMessagePasses(string json) => RequestValidation.Check(Wire.Read<SendMessageRequest>(json));

    [Theory]
    [InlineData("{}", "id is required")]
    [InlineData("""{"id":""}""", "id is required")]
    [InlineData("""{"id":"t","historyLength":-1}""", "historyLength must not be negative")]
    public void GetTaskIsChecked(string json, string violation) =>
        AssertViolations(() => RequestValidation.Check(Wire.Read<GetTaskRequest>(json)), violation);

    [Theory]
    [InlineData("""{"pageSize":0}""", "pageSize must be from 1 to 100")]
    [InlineData("""{"pageSize":101}""", "pageSize must be from 1 to 100")]
    [InlineData("""{"pageSize":-1,"historyLength":-5}""", "pageSize must be from 1 to 100", "historyLength must not be negative")]
    public void ListTasksIsChecked(string json, params string[] violations) =>
        AssertViolations(() => RequestValidation.Check(Wire.Read<ListTasksRequest>(json)), violations);

    [Fact]
    public void LongContextIdsAreRefusedInLists() => AssertViolations(
        () => RequestValidation.Check(new ListTasksRequest { ContextId = TooLong }), "contextId must not be longer than 512 bytes");

    [Fact]
    public void CancelAndSubscribeNeedATask()
    {
        AssertViolations(() => RequestValidation.Check(Wire.Read<CancelTaskRequest>("{}")), "id is required");
        AssertViolations(() => RequestValidation.Check(Wire.Read<SubscribeToTaskRequest>("{}")), "id is required");
    }

    [Theory]
    [InlineData("{}", "taskId is required", "url is required")]
    [InlineData("""{"taskId":"t","url":"/relative"}""", "url must be an absolute http or https address")]
    [InlineData("""{"taskId":"t","url":"https://x","id":"a/b"}""", "id must not contain a slash")]
    [InlineData("""{"taskId":"t","url":"https://x","authentication":{"credentials":"c"}}""", "authentication.scheme is required")]
    public void WebhooksAreChecked(string json, params string[] violations) =>
        AssertViolations(() => RequestValidation.Check(Wire.Read<TaskPushNotificationConfig>(json)), violations);

    [Fact]
    public void LongValuesOfWebhooksAreRefused() => AssertViolations(
        () => RequestValidation.Check(new TaskPushNotificationConfig
        {
            TaskId = "t",
            Id = TooLong,
            Url = "https://x/" + new string('u', 2039),
            Token = new string('t', 4097),
            Authentication = new() { Scheme = new string('s', 65), Credentials = new string('c', 4097) },
        }),
        "id must not be longer than 512 bytes",
        "url must not be longer than 2048 characters",
        "token must not be longer than 4096 characters",
        "authentication.scheme must not be longer than 64 characters",
        "authentication.credentials must not be longer than 4096 characters");

    [Fact]
    public void WebhooksAreNamedByTaskAndId()
    {
        AssertViolations(
            () => RequestValidation.Check(Wire.Read<GetTaskPushNotificationConfigRequest>("{}")), "taskId is required", "id is required");
        AssertViolations(
            () => RequestValidation.Check(Wire.Read<DeleteTaskPushNotificationConfigRequest>("{}")), "taskId is required",
            "id is required");
    }

    [Theory]
    [InlineData("{}", "taskId is required")]
    [InlineData("""{"taskId":"t","pageSize":-1}""", "pageSize must be from 1 to 100")]
    [InlineData("""{"taskId":"t","pageSize":101}""", "pageSize must be from 1 to 100")]
    public void ListsOfWebhooksAreChecked(string json, string violation) =>
        AssertViolations(() => RequestValidation.Check(Wire.Read<ListTaskPushNotificationConfigsRequest>(json)), violation);

    [Fact]
    public void AtTheLimitsRequestsPass()
    {
        var longest = TooLong[1..];
        RequestValidation.Check(new GetTaskRequest { Id = longest, HistoryLength = 0 });
        RequestValidation.Check(new ListTasksRequest { PageSize = 1, ContextId = longest, Status = TaskState.Working });
        RequestValidation.Check(new ListTasksRequest { PageSize = 100 });
        RequestValidation.Check(new CancelTaskRequest { Id = "t" });
        RequestValidation.Check(new SubscribeToTaskRequest { Id = "t" });
        RequestValidation.Check(new TaskPushNotificationConfig
        {
            TaskId = "t",
            Id = longest,
            Url = "https://x/" + new string('u', 2038),
            Token = new string('t', 4096),
            Authentication = new() { Scheme = new string('s', 64), Credentials = new string('c', 4096) },
        });
        RequestValidation.Check(new GetTaskPushNotificationConfigRequest { TaskId = "t", Id = "p" });
        RequestValidation.Check(new DeleteTaskPushNotificationConfigRequest { TaskId = "t", Id = "p" });
        RequestValidation.Check(Wire.Read<ListTaskPushNotificationConfigsRequest>("""{"taskId":"t","pageSize":0}"""));
    }

    private static void AssertViolations(Action check, params string[] violations)
    {
        var error = Wire.Refused(check);
        Assert.Same(A2AError.InvalidParams, error.Error);
        Assert.Equal(violations, error.FieldViolations.Select(violation => $"{violation.Field} {violation.Description}"));
    }

    /// <summary>Firestore looks for no value of more than 1,500 bytes: what it could not find must not be stored.</summary>
    [Fact]
    public void IdsAreBoundedInBytes()
    {
        RequestValidation.Check(new ListTasksRequest { ContextId = new string('é', RequestValidation.MaxIdLength / 2) });

        var refusal = Assert.Throws<A2AException>(
            () => RequestValidation.Check(new ListTasksRequest { ContextId = new string('é', (RequestValidation.MaxIdLength / 2) + 1) }));
        Assert.Equal(new FieldViolation("contextId", "must not be longer than 512 bytes"), Assert.Single(refusal.FieldViolations));
    }
}
