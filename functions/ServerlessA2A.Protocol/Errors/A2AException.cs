using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Errors;

/// <summary>
/// An error that is sent to the client. Its message, violations and metadata are sent unchanged, so they must contain only what the client
/// may see.
/// </summary>
/// <remarks>The cause belongs into <see cref="Exception.InnerException"/>, which is logged and never sent.</remarks>
public sealed class A2AException : Exception
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>Creates an error of the given kind.</summary>
    /// <param name="error">The kind.</param>
    /// <param name="message">What went wrong, for the client.</param>
    /// <param name="innerException">The cause, for the log only.</param>
    public A2AException(A2AError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The kind: code, HTTP status and reason.</summary>
    public A2AError Error { get; }

    /// <summary>The invalid fields; empty if the error is not about fields.</summary>
    public IReadOnlyList<FieldViolation> FieldViolations { get; init; } = [];

    /// <summary>Machine-readable facts, such as the task's id, sent in the error's details.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = NoMetadata;

    /// <summary>The delay after which the client may retry; null if it is unknown.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The task does not exist or belongs to another caller.</summary>
    public static A2AException TaskNotFound(string taskId) =>
        new(A2AError.TaskNotFound, "The task was not found.") { Metadata = About("taskId", taskId) };

    /// <summary>The task cannot be canceled.</summary>
    public static A2AException TaskNotCancelable(string taskId, TaskState state) =>
        new(A2AError.TaskNotCancelable, $"The task is in state {TaskStateNames.ToName(state)} and cannot be canceled.")
        {
            Metadata = About("taskId", taskId),
        };

    /// <summary>The agent does not support webhooks.</summary>
    public static A2AException PushNotificationNotSupported() =>
        new(A2AError.PushNotificationNotSupported, "The agent does not support push notifications.");

    /// <summary>The operation is not supported.</summary>
    /// <param name="message">The operation and the reason, for the client.</param>
    public static A2AException UnsupportedOperation(string message) => new(A2AError.UnsupportedOperation, message);

    /// <summary>A media type is not supported.</summary>
    /// <param name="message">The media type, for the client.</param>
    public static A2AException ContentTypeNotSupported(string message) => new(A2AError.ContentTypeNotSupported, message);

    /// <summary>No extended card is configured.</summary>
    public static A2AException ExtendedAgentCardNotConfigured() =>
        new(A2AError.ExtendedAgentCardNotConfigured, "The agent's extended card is not configured.");

    /// <summary>The client must name an extension that the agent requires.</summary>
    public static A2AException ExtensionSupportRequired(string uri) =>
        new(A2AError.ExtensionSupportRequired, $"The agent requires the extension {uri}: name it in A2A-Extensions.")
        {
            Metadata = About("extension", uri),
        };

    /// <summary>The protocol version is not supported.</summary>
    public static A2AException VersionNotSupported(string version) =>
        new(A2AError.VersionNotSupported, "The protocol version is not supported.") { Metadata = About("version", version) };

    /// <summary>The method does not exist.</summary>
    public static A2AException MethodNotFound(string method) =>
        new(A2AError.MethodNotFound, "The method does not exist.") { Metadata = About("method", method) };

    /// <summary>The body is not JSON.</summary>
    public static A2AException ParseError(Exception? innerException = null) =>
        new(A2AError.ParseError, "The request is not valid JSON.", innerException);

    /// <summary>One field is invalid.</summary>
    public static A2AException InvalidParams(string field, string description, Exception? innerException = null) =>
        InvalidParams([new(field, description)], innerException);

    /// <summary>Several fields are invalid. All are reported together, so that the client can fix them at once.</summary>
    public static A2AException InvalidParams(IReadOnlyList<FieldViolation> violations, Exception? innerException = null) =>
        new(A2AError.InvalidParams, Describe(violations), innerException) { FieldViolations = violations };

    /// <summary>An internal error; the cause is for the log.</summary>
    public static A2AException Internal(Exception? innerException = null) =>
        new(A2AError.InternalError, "The server failed to process the request.", innerException);

    /// <summary>A service that the server needs is unavailable; the cause is for the log.</summary>
    public static A2AException Unavailable(Exception? innerException = null) =>
        new(A2AError.Unavailable, "The service is temporarily unavailable; try again later.", innerException);

    /// <summary>A limit of the caller, or a total limit, is exceeded.</summary>
    /// <param name="limit">The limit's name in the settings.</param>
    /// <param name="value">The limit's value.</param>
    /// <param name="message">What is limited, for the client.</param>
    /// <param name="retryAfter">The delay after which the client may retry, if it is known.</param>
    public static A2AException LimitExceeded(string limit, double value, string message, TimeSpan? retryAfter = null) =>
        new(A2AError.ResourceExhausted, FormattableString.Invariant($"{message}: {limit} is {value}."))
        {
            Metadata = new Dictionary<string, string>(2)
            {
                ["limit"] = limit,
                ["value"] = value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
            RetryAfter = retryAfter,
        };

    private static string Describe(IReadOnlyList<FieldViolation> violations) => violations switch
    {
        [] => "The request is not valid.",
        [{ Field: "" } only] => $"The request {only.Description}.",
        [var only] => $"{only.Field} {only.Description}.",
        [var first, ..] => $"{first.Field} {first.Description}, and {violations.Count - 1} more.",
    };

    /// <summary>Shortens text of the client: at most the length of an id is sent back.</summary>
    private static Dictionary<string, string> About(string name, string value) =>
        new(1) { [name] = value.Length <= RequestValidation.MaxIdLength ? value : value[..RequestValidation.MaxIdLength] };
}
