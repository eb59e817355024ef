using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>
/// Reads an enumeration of ProtoJSON: a name, a number, or null for unset. "" is also unset, because some clients treat it as a string.
/// </summary>
internal static class EnumToken
{
    private const int LongestName = 64;

    public delegate bool TryParse<T>(ReadOnlySpan<char> text, out T value);

    public static T Read<T>(ref Utf8JsonReader reader, TryParse<T> tryParse, string description)
        where T : struct, Enum
    {
        if (reader.TokenType == JsonTokenType.Null) return default;
        var isName = reader.TokenType == JsonTokenType.String;
        if (!isName && reader.TokenType != JsonTokenType.Number) throw new FieldException(description);
        if (reader.HasValueSequence || reader.ValueSpan.Length > LongestName) throw new FieldException(description);

        Span<char> buffer = stackalloc char[LongestName];
        ReadOnlySpan<char> text = buffer[..(isName ? reader.CopyString(buffer) : Encoding.ASCII.GetChars(reader.ValueSpan, buffer))];

        if (text.IsEmpty) return default;
        // tryParse accepts names and numbers alike, but a quoted number is neither.
        if ((isName && text.ContainsAnyInRange('0', '9')) || !tryParse(text, out var value)) throw new FieldException(description);
        return value;
    }
}
