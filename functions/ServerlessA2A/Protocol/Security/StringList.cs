namespace ServerlessA2A.Protocol.Security;

/// <summary>A list of strings, where a map's value has to be a message.</summary>
internal sealed record StringList
{
    /// <summary>The strings.</summary>
    public IReadOnlyList<string>? List { get; init; }
}
