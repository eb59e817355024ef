namespace ServerlessA2A.Security;

/// <summary>Whether a card is signed by whom one trusts (A2A 1.0, section 8.4.3), and if not, why.</summary>
public sealed record AgentCardVerification
{
    private AgentCardVerification()
    {
    }

    /// <summary>Whether one of the card's signatures is good, over all that the card says.</summary>
    public bool IsVerified => KeyId is not null;

    /// <summary>Which of the card's <c>signatures</c> is good, from 0; null where none is.</summary>
    public int? Signature { get; private init; }

    /// <summary>The <c>kid</c> of the key that has made it; null where none is good.</summary>
    public string? KeyId { get; private init; }

    /// <summary>Why none is good, for a log; null where one is.</summary>
    public string? Reason { get; private init; }

    internal static AgentCardVerification By(string keyId, int signature) => new() { KeyId = keyId, Signature = signature };

    internal static AgentCardVerification Refused(string reason) => new() { Reason = reason };
}
