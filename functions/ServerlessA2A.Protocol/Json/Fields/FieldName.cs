using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>Reads field names: ProtoJSON allows the names of the proto file (<c>context_id</c>) as well as camelCase.</summary>
internal static class FieldName
{
    /// <summary>Copies the current name in camelCase and returns its length; 0 if it cannot be a field's name.</summary>
    public static int Read(ref Utf8JsonReader reader, scoped Span<char> name)
    {
        if (reader.ValueSpan.Length > name.Length) return 0;
        try
        {
            return ToCamelCase(name[..reader.CopyString(name)]);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return 0;
        }
    }

    private static int ToCamelCase(Span<char> name)
    {
        if (!name.Contains('_')) return name.Length;
        var length = 0;
        var raise = false;
        foreach (var letter in name)
        {
            if (letter != '_') name[length++] = raise ? char.ToUpperInvariant(letter) : letter;
            raise = letter == '_';
        }

        return length;
    }
}
