namespace ServerlessA2A.Security.Keys;

/// <summary>A key, told from others by an id that anybody may see.</summary>
internal interface IKey
{
    /// <summary>The id: not secret, and no way to the key.</summary>
    string Id { get; }
}
