using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client;

/// <summary>A call that an agent rejected or did not answer.</summary>
/// <remarks>
/// Not an <see cref="A2AException"/>: an agent that calls another one must not pass its errors on to its own clients as if they were its
/// own.
/// </remarks>
public sealed class A2AClientException : Exception
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>Creates an error.</summary>
    /// <param name="error">The row of the protocol's error table.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public A2AClientException(A2AError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>
    /// The row of the protocol's error table, such as <see cref="A2AError.TaskNotFound"/>. <see cref="A2AError.Unavailable"/> where there
    /// was no answer, <see cref="A2AError.InvalidAgentResponse"/> for an answer that is not of the protocol.
    /// </summary>
    public A2AError Error { get; }

    /// <summary>The HTTP status of the answer; null where there was none.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The invalid fields of the request; empty if the error is not about fields.</summary>
    public IReadOnlyList<FieldViolation> FieldViolations { get; init; } = [];

    /// <summary>Machine-readable facts from the error's details.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = NoMetadata;

    /// <summary>The delay after which the agent accepts another attempt; null if it did not name one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether it was the client's own limit of time that ended the call: the agent may still be at work.</summary>
    internal bool IsOwnLimit { get; init; }

    /// <summary>Where the answer redirects to; null where it does not.</summary>
    internal Uri? Location { get; set; }

    /// <summary>
    /// Whether another attempt may succeed: the agent was not reached, did not answer in time, is overloaded, or limits the rate.
    /// </summary>
    public bool IsTransient =>
        Error == A2AError.Unavailable || Error == A2AError.ResourceExhausted || Error == A2AError.RequestTimeout;
}
