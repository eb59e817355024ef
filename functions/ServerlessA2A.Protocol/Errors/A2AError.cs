namespace ServerlessA2A.Protocol.Errors;

/// <summary>A kind of error: one row of the protocol's error table, the same for all bindings.</summary>
/// <param name="Name">The error's name in the specification, without "Error".</param>
/// <param name="JsonRpcCode">The <c>code</c> of a JSON-RPC error object.</param>
/// <param name="HttpStatus">The HTTP status of an HTTP+JSON response. JSON-RPC sends errors with 200.</param>
/// <param name="RpcStatus">The name of the google.rpc.Code, such as NOT_FOUND.</param>
/// <param name="Reason">The <c>reason</c> of the google.rpc.ErrorInfo, such as TASK_NOT_FOUND.</param>
/// <remarks>
/// A2A 1.0, sections 3.3.2 and 5.4; the rows after <see cref="VersionNotSupported"/> are those of JSON-RPC 2.0 and of HTTP.
/// </remarks>
public sealed record A2AError(string Name, int JsonRpcCode, int HttpStatus, string RpcStatus, string Reason)
{
    /// <summary>The task does not exist, or belongs to another caller; the two are indistinguishable.</summary>
    public static A2AError TaskNotFound { get; } = new("TaskNotFound", -32001, 404, "NOT_FOUND", "TASK_NOT_FOUND");

    /// <summary>The task is in a terminal state and cannot be canceled.</summary>
    public static A2AError TaskNotCancelable { get; } = new("TaskNotCancelable", -32002, 400, "FAILED_PRECONDITION", "TASK_NOT_CANCELABLE");

    /// <summary>The agent does not support webhooks.</summary>
    public static A2AError PushNotificationNotSupported { get; } =
        new("PushNotificationNotSupported", -32003, 400, "FAILED_PRECONDITION", "PUSH_NOTIFICATION_NOT_SUPPORTED");

    /// <summary>The operation is not supported, or not in the task's state.</summary>
    public static A2AError UnsupportedOperation { get; } =
        new("UnsupportedOperation", -32004, 400, "FAILED_PRECONDITION", "UNSUPPORTED_OPERATION");

    /// <summary>The agent does not read or write the media type of a part.</summary>
    public static A2AError ContentTypeNotSupported { get; } =
        new("ContentTypeNotSupported", -32005, 400, "INVALID_ARGUMENT", "CONTENT_TYPE_NOT_SUPPORTED");

    /// <summary>The agent returned an invalid response.</summary>
    public static A2AError InvalidAgentResponse { get; } = new("InvalidAgentResponse", -32006, 500, "INTERNAL", "INVALID_AGENT_RESPONSE");

    /// <summary>No extended card is configured.</summary>
    public static A2AError ExtendedAgentCardNotConfigured { get; } =
        new("ExtendedAgentCardNotConfigured", -32007, 400, "FAILED_PRECONDITION", "EXTENDED_AGENT_CARD_NOT_CONFIGURED");

    /// <summary>The agent requires an extension that the client did not name.</summary>
    public static A2AError ExtensionSupportRequired { get; } =
        new("ExtensionSupportRequired", -32008, 400, "FAILED_PRECONDITION", "EXTENSION_SUPPORT_REQUIRED");

    /// <summary>The requested protocol version is not supported.</summary>
    public static A2AError VersionNotSupported { get; } =
        new("VersionNotSupported", -32009, 400, "FAILED_PRECONDITION", "VERSION_NOT_SUPPORTED");

    /// <summary>The body is not JSON.</summary>
    public static A2AError ParseError { get; } = new("ParseError", -32700, 400, "INVALID_ARGUMENT", "PARSE_ERROR");

    /// <summary>The body is JSON but not a request.</summary>
    public static A2AError InvalidRequest { get; } = new("InvalidRequest", -32600, 400, "INVALID_ARGUMENT", "INVALID_REQUEST");

    /// <summary>The method or path does not exist.</summary>
    public static A2AError MethodNotFound { get; } = new("MethodNotFound", -32601, 404, "NOT_FOUND", "METHOD_NOT_FOUND");

    /// <summary>A field is missing or has an invalid value; the violations name it.</summary>
    public static A2AError InvalidParams { get; } = new("InvalidParams", -32602, 400, "INVALID_ARGUMENT", "INVALID_PARAMS");

    /// <summary>An internal error. The client gets no details.</summary>
    public static A2AError InternalError { get; } = new("InternalError", -32603, 500, "INTERNAL", "INTERNAL_ERROR");

    /// <summary>The request's body has a media type other than JSON.</summary>
    public static A2AError UnsupportedMediaType { get; } =
        new("UnsupportedMediaType", -32005, 415, "INVALID_ARGUMENT", "CONTENT_TYPE_NOT_SUPPORTED");

    /// <summary>The request's body exceeds the size limit.</summary>
    public static A2AError PayloadTooLarge { get; } = new("PayloadTooLarge", -32600, 413, "INVALID_ARGUMENT", "PAYLOAD_TOO_LARGE");

    /// <summary>The request's body did not arrive in time.</summary>
    public static A2AError RequestTimeout { get; } = new("RequestTimeout", -32600, 408, "DEADLINE_EXCEEDED", "REQUEST_TIMEOUT");

    /// <summary>The path exists, but does not support the HTTP method.</summary>
    public static A2AError MethodNotAllowed { get; } = new("MethodNotAllowed", -32601, 405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED");

    /// <summary>The server or a service that it needs is unavailable. The client may retry.</summary>
    public static A2AError Unavailable { get; } = new("Unavailable", -32603, 503, "UNAVAILABLE", "UNAVAILABLE");

    /// <summary>The caller has exceeded a limit. The client may retry later.</summary>
    public static A2AError ResourceExhausted { get; } = new("ResourceExhausted", -32603, 429, "RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED");

    /// <summary>The request has no valid credential.</summary>
    public static A2AError Unauthenticated { get; } = new("Unauthenticated", -32603, 401, "UNAUTHENTICATED", "UNAUTHENTICATED");

    /// <summary>The caller is authenticated but not allowed to do this.</summary>
    public static A2AError PermissionDenied { get; } = new("PermissionDenied", -32603, 403, "PERMISSION_DENIED", "PERMISSION_DENIED");

    /// <summary>Every row of the table.</summary>
    public static IReadOnlyList<A2AError> All { get; } =
    [
        TaskNotFound, TaskNotCancelable, PushNotificationNotSupported, UnsupportedOperation, ContentTypeNotSupported,
        InvalidAgentResponse, ExtendedAgentCardNotConfigured, ExtensionSupportRequired, VersionNotSupported,
        ParseError, InvalidRequest, MethodNotFound, InvalidParams, InternalError,
        UnsupportedMediaType, PayloadTooLarge, RequestTimeout, MethodNotAllowed, Unavailable, ResourceExhausted, Unauthenticated,
        PermissionDenied,
    ];
}
