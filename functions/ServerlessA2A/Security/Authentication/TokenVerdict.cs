namespace ServerlessA2A.Security.Authentication;

/// <summary>What is known of a token, for a while.</summary>
/// <param name="Until">How long it is known.</param>
internal sealed record TokenVerdict(DateTimeOffset Until)
{
    /// <summary>Whose it is; null where it is not good.</summary>
    public Identity? Identity { get; init; }

    /// <summary>Why it is not good.</summary>
    public string Refusal { get; init; } = "";
}
