namespace ServerlessA2A.Security.Exchange;

/// <summary>The caller's token could not be exchanged.</summary>
/// <param name="message">The reason, without tokens.</param>
/// <param name="innerException">The cause.</param>
public sealed class TokenExchangeException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether a later attempt may succeed: the authorization server did not respond, or not as it should.</summary>
    public bool IsTransient { get; init; }
}
