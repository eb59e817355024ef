namespace ServerlessA2A.Protocol.Signatures;

/// <summary>The result of verifying a card (A2A 1.0, section 8.4.3).</summary>
public sealed record AgentCardVerification
{
    private AgentCardVerification()
    {
    }

    /// <summary>Whether one of the card's signatures is valid for the whole card.</summary>
    public bool IsVerified => KeyId is not null;

    /// <summary>The index of the valid signature in the card's <c>signatures</c>; null if there is none.</summary>
    public int? Signature { get; private init; }

    /// <summary>The <c>kid</c> of the key of the valid signature; null if there is none.</summary>
    public string? KeyId { get; private init; }

    /// <summary>The reason why no signature is valid, for a log; null if one is.</summary>
    public string? Reason { get; private init; }

    internal static AgentCardVerification By(string keyId, int signature) => new() { KeyId = keyId, Signature = signature };

    internal static AgentCardVerification Refused(string reason) => new() { Reason = reason };
}
