namespace ServerlessA2A.Protocol.Keys;

/// <summary>A key with a public id.</summary>
internal interface IKey
{
    /// <summary>The id: not secret, and the key cannot be derived from it.</summary>
    string Id { get; }
}
