namespace ServerlessA2A.Security;

/// <summary>
/// A credential is invalid. The message gives the reason for our log, without anything of the credential; the caller does not get it.
/// </summary>
/// <param name="message">The reason.</param>
/// <param name="innerException">The cause, which must not contain anything of the credential either.</param>
internal sealed class AuthenticationException(string message, Exception? innerException = null) : Exception(message, innerException);
