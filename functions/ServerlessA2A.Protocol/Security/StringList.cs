namespace ServerlessA2A.Protocol.Security;

/// <summary>A list of strings, for map values, which must be messages.</summary>
public sealed record StringList
{
    /// <summary>The strings.</summary>
    public IReadOnlyList<string>? List { get; init; }
}
