using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Errors;

/// <summary>An error that the client is told. Its message, violations and metadata are sent as they are, so they hold nothing that is not for the client.</summary>
/// <remarks>What else went wrong belongs into <see cref="Exception.InnerException"/>, which is logged and never sent.</remarks>
public sealed class A2AException : Exception
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>Makes an error of the given kind.</summary>
    /// <param name="error">The kind.</param>
    /// <param name="message">What went wrong, in words for the client.</param>
    /// <param name="innerException">The cause, for the log only.</param>
    public A2AException(A2AError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The kind: code, HTTP status and reason.</summary>
    public A2AError Error { get; }

    /// <summary>The fields that are wrong; empty unless the error is about fields.</summary>
    public IReadOnlyList<FieldViolation> FieldViolations { get; init; } = [];

    /// <summary>Facts for programs, such as the task's id, sent in the error's details.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = NoMetadata;

    /// <summary>After how long the client may try again; null where nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The task does not exist or is not the caller's.</summary>
    public static A2AException TaskNotFound(string taskId) =>
        new(A2AError.TaskNotFound, "The task was not found.") { Metadata = About("taskId", taskId) };

    /// <summary>The task can no longer be canceled.</summary>
    public static A2AException TaskNotCancelable(string taskId, TaskState state) =>
        new(A2AError.TaskNotCancelable, $"The task is in state {TaskStateNames.ToName(state)} and can no longer be canceled.")
        {
            Metadata = About("taskId", taskId),
        };

    /// <summary>Webhooks are not offered.</summary>
    public static A2AException PushNotificationNotSupported() =>
        new(A2AError.PushNotificationNotSupported, "The agent does not offer push notifications.");

    /// <summary>The operation is not offered.</summary>
    /// <param name="message">Which one and why, in words for the client.</param>
    public static A2AException UnsupportedOperation(string message) => new(A2AError.UnsupportedOperation, message);

    /// <summary>A media type is not offered.</summary>
    /// <param name="message">Which one, in words for the client.</param>
    public static A2AException ContentTypeNotSupported(string message) => new(A2AError.ContentTypeNotSupported, message);

    /// <summary>There is no extended card.</summary>
    public static A2AException ExtendedAgentCardNotConfigured() =>
        new(A2AError.ExtendedAgentCardNotConfigured, "The agent has no extended card.");

    /// <summary>The client has to name an extension that the agent requires.</summary>
    public static A2AException ExtensionSupportRequired(string uri) =>
        new(A2AError.ExtensionSupportRequired, $"The agent requires the extension {uri}.") { Metadata = About("extension", uri) };

    /// <summary>The version is not spoken here.</summary>
    public static A2AException VersionNotSupported(string version) =>
        new(A2AError.VersionNotSupported, "The protocol version is not supported.") { Metadata = About("version", version) };

    /// <summary>There is no such method.</summary>
    public static A2AException MethodNotFound(string method) =>
        new(A2AError.MethodNotFound, "There is no such method.") { Metadata = About("method", method) };

    /// <summary>The body is not JSON.</summary>
    public static A2AException ParseError(Exception? innerException = null) =>
        new(A2AError.ParseError, "The request is not valid JSON.", innerException);

    /// <summary>One field is wrong.</summary>
    public static A2AException InvalidParams(string field, string description, Exception? innerException = null) =>
        InvalidParams([new(field, description)], innerException);

    /// <summary>Fields are wrong: all of them at once, so that the client mends them in one go.</summary>
    public static A2AException InvalidParams(IReadOnlyList<FieldViolation> violations, Exception? innerException = null) =>
        new(A2AError.InvalidParams, Describe(violations), innerException) { FieldViolations = violations };

    /// <summary>A fault of the server; the cause is for the log.</summary>
    public static A2AException Internal(Exception? innerException = null) =>
        new(A2AError.InternalError, "The server failed to process the request.", innerException);

    /// <summary>Something the server needs is not there at the moment; the cause is for the log.</summary>
    public static A2AException Unavailable(Exception? innerException = null) =>
        new(A2AError.Unavailable, "The service is not available at the moment; try again later.", innerException);

    /// <summary>The caller, or all of them, have or do as much as they may.</summary>
    /// <param name="limit">The limit's name, as its setting has it.</param>
    /// <param name="value">Its value.</param>
    /// <param name="message">What it limits, in words for the client.</param>
    /// <param name="retryAfter">After how long there is room again, if that is known.</param>
    public static A2AException LimitExceeded(string limit, double value, string message, TimeSpan? retryAfter = null) =>
        new(A2AError.ResourceExhausted, FormattableString.Invariant($"{message}: {limit} is {value}."))
        {
            Metadata = new Dictionary<string, string>(2) { ["limit"] = limit, ["value"] = value.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            RetryAfter = retryAfter,
        };

    private static string Describe(IReadOnlyList<FieldViolation> violations) => violations switch
    {
        [] => "The request is not valid.",
        [{ Field: "" } only] => $"The request {only.Description}.",
        [var only] => $"{only.Field} {only.Description}.",
        [var first, ..] => $"{first.Field} {first.Description}, and {violations.Count - 1} more.",
    };

    /// <summary>Much of this is the client's own text: it gets no more of it back than an id's length.</summary>
    private static Dictionary<string, string> About(string name, string value) =>
        new(1) { [name] = value.Length <= RequestValidation.MaxIdLength ? value : value[..RequestValidation.MaxIdLength] };
}
