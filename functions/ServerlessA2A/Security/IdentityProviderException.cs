namespace ServerlessA2A.Security;

/// <summary>An identity provider that must check a credential is unavailable: the caller may try again.</summary>
/// <param name="message">What is unavailable, and why.</param>
/// <param name="innerException">The cause.</param>
internal sealed class IdentityProviderException(string message, Exception? innerException = null) : Exception(message, innerException);
