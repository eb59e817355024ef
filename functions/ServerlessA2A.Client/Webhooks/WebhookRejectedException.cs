namespace ServerlessA2A.Client.Webhooks;

/// <summary>A delivery that is not accepted. The message is for a log, not for the sender.</summary>
/// <param name="status">
/// The HTTP status of the answer: 400 for a body that is no event, 401 for one that does not prove its origin, 503 for a key that is not
/// published, which may be a new one.
/// </param>
/// <param name="message">The reason.</param>
/// <param name="innerException">The cause.</param>
public sealed class WebhookRejectedException(int status, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The HTTP status of the answer.</summary>
    public int Status { get; } = status;
}
