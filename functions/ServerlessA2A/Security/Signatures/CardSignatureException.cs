namespace ServerlessA2A.Security.Signatures;

/// <summary>A card's signature is not good. The message says why, as the end of a sentence.</summary>
/// <param name="message">Why.</param>
internal sealed class CardSignatureException(string message) : Exception(message);
