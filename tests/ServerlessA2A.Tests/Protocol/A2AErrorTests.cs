using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.Tests.Protocol;

public class A2AErrorTests
{
    /// <summary>The table of the specification (A2A 1.0, section 5.4), and the rows of JSON-RPC and HTTP.</summary>
    private static readonly A2AError[] Table =
    [
        new("TaskNotFound", -32001, 404, "NOT_FOUND", "TASK_NOT_FOUND"),
        new("TaskNotCancelable", -32002, 400, "FAILED_PRECONDITION", "TASK_NOT_CANCELABLE"),
        new("PushNotificationNotSupported", -32003, 400, "FAILED_PRECONDITION", "PUSH_NOTIFICATION_NOT_SUPPORTED"),
        new("UnsupportedOperation", -32004, 400, "FAILED_PRECONDITION", "UNSUPPORTED_OPERATION"),
        new("ContentTypeNotSupported", -32005, 400, "INVALID_ARGUMENT", "CONTENT_TYPE_NOT_SUPPORTED"),
        new("InvalidAgentResponse", -32006, 500, "INTERNAL", "INVALID_AGENT_RESPONSE"),
        new("ExtendedAgentCardNotConfigured", -32007, 400, "FAILED_PRECONDITION", "EXTENDED_AGENT_CARD_NOT_CONFIGURED"),
        new("ExtensionSupportRequired", -32008, 400, "FAILED_PRECONDITION", "EXTENSION_SUPPORT_REQUIRED"),
        new("VersionNotSupported", -32009, 400, "FAILED_PRECONDITION", "VERSION_NOT_SUPPORTED"),
        new("ParseError", -32700, 400, "INVALID_ARGUMENT", "PARSE_ERROR"),
        new("InvalidRequest", -32600, 400, "INVALID_ARGUMENT", "INVALID_REQUEST"),
        new("MethodNotFound", -32601, 404, "NOT_FOUND", "METHOD_NOT_FOUND"),
        new("InvalidParams", -32602, 400, "INVALID_ARGUMENT", "INVALID_PARAMS"),
        new("InternalError", -32603, 500, "INTERNAL", "INTERNAL_ERROR"),
        new("UnsupportedMediaType", -32005, 415, "INVALID_ARGUMENT", "CONTENT_TYPE_NOT_SUPPORTED"),
        new("PayloadTooLarge", -32600, 413, "INVALID_ARGUMENT", "PAYLOAD_TOO_LARGE"),
        new("RequestTimeout", -32600, 408, "DEADLINE_EXCEEDED", "REQUEST_TIMEOUT"),
        new("MethodNotAllowed", -32601, 405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED"),
        new("Unavailable", -32603, 503, "UNAVAILABLE", "UNAVAILABLE"),
        new("ResourceExhausted", -32603, 429, "RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED"),
        new("Unauthenticated", -32603, 401, "UNAUTHENTICATED", "UNAUTHENTICATED"),
        new("PermissionDenied", -32603, 403, "PERMISSION_DENIED", "PERMISSION_DENIED"),
    ];

    public static TheoryData<A2AError> Rows => [.. Table];

    [Theory]
    [MemberData(nameof(Rows))]
    public void EachRowIsInTheTable(A2AError row) => Assert.Contains(row, A2AError.All);

    [Fact]
    public void TheTableHasNoOtherRows() => Assert.Equal(Table.OrderBy(row => row.Name), A2AError.All.OrderBy(row => row.Name));

    [Fact]
    public void EachNamedErrorIsInTheTable() => Assert.Equal(
        A2AError.All.Select(row => row.Name).Order(),
        typeof(A2AError).GetProperties().Where(property => property.PropertyType == typeof(A2AError)).Select(property => property.Name)
        .Order());

    [Theory]
    [MemberData(nameof(Rows))]
    public void DetailsBeginWithTheReason(A2AError row) => Assert.Equal(
        $$"""[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{{row.Reason}}","domain":"a2a-protocol.org"}]""",
        Details(new A2AException(row, "x")));

    [Fact]
    public void DetailsNameTheTask() => Assert.Equal(
        """[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"TASK_NOT_FOUND","domain":"a2a-protocol.org","metadata":{"taskId":"t1"}}]""",
        Details(A2AException.TaskNotFound("t1")));

    [Fact]
    public void DetailsOfInvalidParamsNameEachField() => Assert.Equal(
        """[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"INVALID_PARAMS","domain":"a2a-protocol.org"},{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"a","description":"is required"},{"field":"b[0].c","description":"must not be null"}]}]""",
        Details(A2AException.InvalidParams([new("a", "is required"), new("b[0].c", "must not be null")])));

    [Fact]
    public void MessagesSayWhatIsWrongAndNothingOfTheServer()
    {
        var secret = new InvalidOperationException("secret");
        Assert.Equal("a is required.", A2AException.InvalidParams("a", "is required").Message);
        Assert.Equal("a is required, and 1 more.", A2AException.InvalidParams([new("a", "is required"), new("b", "x")]).Message);
        Assert.Equal("The request must be a JSON object.", A2AException.InvalidParams("", "must be a JSON object").Message);
        Assert.Equal(
            "The task is in state TASK_STATE_COMPLETED and cannot be canceled.",
            A2AException.TaskNotCancelable("t", TaskState.Completed).Message);
        foreach (var error in new[] { A2AException.Internal(secret), A2AException.Unavailable(secret), A2AException.ParseError(secret) })
        {
            Assert.Same(secret, error.InnerException);
            Assert.DoesNotContain("secret", error.Message + Details(error), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FactoriesMakeTheirError()
    {
        Assert.Equal(
            [
                A2AError.PushNotificationNotSupported, A2AError.UnsupportedOperation, A2AError.ContentTypeNotSupported,
                A2AError.ExtendedAgentCardNotConfigured, A2AError.ExtensionSupportRequired, A2AError.VersionNotSupported,
                A2AError.MethodNotFound,
            ],
            new[]
            {
                A2AException.PushNotificationNotSupported(), A2AException.UnsupportedOperation("x"),
                    A2AException.ContentTypeNotSupported("x"),
                A2AException.ExtendedAgentCardNotConfigured(), A2AException.ExtensionSupportRequired("urn:x"),
                A2AException.VersionNotSupported("2.0"),
                A2AException.MethodNotFound("x"),
            }.Select(error => error.Error));
    }

    [Fact]
    public void TheClientGetsNoMoreOfItsTextBackThanAnIdsLength() =>
        Assert.Equal(RequestValidation.MaxIdLength, A2AException.MethodNotFound(new string('x', 100_000)).Metadata["method"].Length);

    private static string Details(A2AException exception) => Wire.Write(writer => ErrorDetails.Write(writer, exception));

    [Fact]
    public async Task ThePageHasEveryRowOfTheTable()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(WordsTests.Root, "docs", "compatibility.md"));
        Assert.Equal(
            A2AError.All.Select(error =>
                $"| `{error.Name}` | {error.JsonRpcCode} | {error.HttpStatus} | `{error.RpcStatus}` | `{error.Reason}` |"),
            page.Split('\n').SkipWhile(line => line != "## Errors").TakeWhile(line => line != "## Sizes of stream events")
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }
}
