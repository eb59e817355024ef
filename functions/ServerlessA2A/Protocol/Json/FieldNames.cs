using System.Text.Json;

namespace ServerlessA2A.Protocol.Json;

/// <summary>Makes the field names of a document camelCase: ProtoJSON readers take the names of the proto file (<c>context_id</c>) as well.</summary>
/// <remarks>A pass of its own, because the serializer knows one name for a member. Documents without snake_case come back untouched.</remarks>
internal static class FieldNames
{
    /// <summary>The document itself where no name has to change, else a copy. Throws <see cref="JsonException"/> for what is not JSON.</summary>
    public static ReadOnlyMemory<byte> ToCamelCase(ReadOnlyMemory<byte> utf8)
    {
        var source = utf8.Span;
        if (source.IndexOf((byte)'_') < 0) return utf8;

        byte[]? target = null;
        int copied = 0, length = 0, mapDepth = 0;
        var reader = new Utf8JsonReader(source, new JsonReaderOptions { MaxDepth = ProtocolJson.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == mapDepth) mapDepth = 0;
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            var name = reader.ValueSpan;
            if (mapDepth > 0 && reader.CurrentDepth == mapDepth + 1) continue;
            if (name.Contains((byte)'_'))
            {
                target ??= new byte[source.Length];
                var start = (int)reader.TokenStartIndex + 1;
                source[copied..start].CopyTo(target.AsSpan(length));
                length += start - copied;
                var renamed = target.AsSpan(length, Rename(name, target.AsSpan(length)));
                length += renamed.Length;
                copied = start + name.Length;
                name = renamed;
            }

            if (IsOpaque(name)) reader.Skip();
            else if (name.SequenceEqual("securitySchemes"u8)) mapDepth = reader.CurrentDepth;
        }

        if (target is null) return utf8;
        source[copied..].CopyTo(target.AsSpan(length));
        return target.AsMemory(0, length + source.Length - copied);
    }

    /// <summary>Free JSON, and maps whose keys are names of the user's: their members are no fields.</summary>
    private static bool IsOpaque(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("metadata"u8) || name.SequenceEqual("data"u8) || name.SequenceEqual("params"u8)
        || name.SequenceEqual("header"u8) || name.SequenceEqual("scopes"u8) || name.SequenceEqual("schemes"u8);

    private static int Rename(ReadOnlySpan<byte> name, Span<byte> target)
    {
        var length = 0;
        var raise = false;
        foreach (var letter in name)
        {
            if (letter == '_')
            {
                raise = true;
                continue;
            }

            target[length++] = raise && letter is >= (byte)'a' and <= (byte)'z' ? (byte)(letter - 0x20) : letter;
            raise = false;
        }

        return length;
    }
}
