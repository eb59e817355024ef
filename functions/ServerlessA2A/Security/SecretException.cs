namespace ServerlessA2A.Security;

/// <summary>A secret cannot be decrypted. The message gives the reason, as the end of a sentence, without anything of the secret.</summary>
/// <param name="message">The reason.</param>
internal sealed class SecretException(string message) : Exception(message);
