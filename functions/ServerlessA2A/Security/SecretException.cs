namespace ServerlessA2A.Security;

/// <summary>A secret can't be read. The message says why, as the end of a sentence, and holds nothing of the secret.</summary>
/// <param name="message">Why.</param>
internal sealed class SecretException(string message) : Exception(message);
