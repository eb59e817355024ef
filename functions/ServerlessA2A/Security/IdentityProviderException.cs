namespace ServerlessA2A.Security;

/// <summary>Whoever has to tell whether a credential is good can't be reached: the caller may try again.</summary>
/// <param name="message">What could not be reached, and why.</param>
/// <param name="innerException">The cause.</param>
internal sealed class IdentityProviderException(string message, Exception? innerException = null) : Exception(message, innerException);
