namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The two shapes of 0.3's JSON: its JSON schema and its proto file had drifted apart.</summary>
internal enum Binding
{
    /// <summary>Objects with <c>kind</c>, names in kebab-case.</summary>
    JsonRpc,

    /// <summary>The JSON of the proto file.</summary>
    Http,
}
