namespace ServerlessA2A.Security.Authentication;

/// <summary>The cached result of checking a token.</summary>
/// <param name="Until">When the result expires.</param>
internal sealed record TokenVerdict(DateTimeOffset Until)
{
    /// <summary>The token's identity; null if it was rejected.</summary>
    public Identity? Identity { get; init; }

    /// <summary>Why the token was rejected.</summary>
    public string Refusal { get; init; } = "";
}
