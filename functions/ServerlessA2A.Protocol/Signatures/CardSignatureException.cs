namespace ServerlessA2A.Protocol.Signatures;

/// <summary>A card's signature is invalid. The message gives the reason, as the end of a sentence.</summary>
/// <param name="message">The reason.</param>
internal sealed class CardSignatureException(string message) : Exception(message);
