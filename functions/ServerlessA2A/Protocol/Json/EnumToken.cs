using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Json;

/// <summary>Reads an enumeration as ProtoJSON has it: a name, a number, or null for unset.</summary>
internal static class EnumToken
{
    private const int LongestName = 64;

    public delegate bool TryParse<T>(ReadOnlySpan<char> text, out T value);

    public static T Read<T>(ref Utf8JsonReader reader, TryParse<T> tryParse, string description)
        where T : struct, Enum
    {
        if (reader.TokenType == JsonTokenType.Null) return default;
        Span<char> text = stackalloc char[LongestName];
        int length;
        if (reader.HasValueSequence || reader.ValueSpan.Length > LongestName) throw new FieldException(description);
        if (reader.TokenType == JsonTokenType.String) length = reader.CopyString(text);
        else if (reader.TokenType == JsonTokenType.Number) length = Encoding.ASCII.GetChars(reader.ValueSpan, text);
        else throw new FieldException(description);

        // A number in quotes is no name.
        var isName = reader.TokenType == JsonTokenType.String;
        if (isName && text[..length].ContainsAnyInRange('0', '9')) throw new FieldException(description);
        return tryParse(text[..length], out var value) ? value : throw new FieldException(description);
    }
}
