namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The two forms of 0.3's JSON: its JSON schema and its proto file differ.</summary>
internal enum Binding
{
    /// <summary>Objects with <c>kind</c>, names in kebab-case.</summary>
    JsonRpc,

    /// <summary>The JSON of the proto file.</summary>
    Http,
}
