namespace ServerlessA2A.Security;

/// <summary>A credential is not good. The message says why, for our log: the caller is not told, and nothing of the credential is in it.</summary>
/// <param name="message">Why.</param>
/// <param name="innerException">The cause, which holds nothing of the credential either.</param>
internal sealed class AuthenticationException(string message, Exception? innerException = null) : Exception(message, innerException);
