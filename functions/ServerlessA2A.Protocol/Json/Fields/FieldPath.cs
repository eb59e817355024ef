using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>The path of a value in a document, such as <c>message.parts[0].raw</c>.</summary>
/// <remarks>Computed only after an error, so that reading need not keep track of it.</remarks>
internal static class FieldPath
{
    /// <summary>The path of the value that begins at a position; empty for the document itself.</summary>
    public static string Of(ReadOnlySpan<byte> utf8, long position)
    {
        // One step per open object or array: the field's name, or the item's index.
        var steps = new Stack<(string? Name, int Item)>();
        Span<char> name = stackalloc char[JsonInput.LongestName];
        var reader = new Utf8JsonReader(utf8, Nesting.Unlimited);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    steps.Pop();
                    steps.Push((name[..FieldName.Read(ref reader, name)].ToString(), 0));
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    steps.Pop();
                    continue;
                default:
                    break;
            }

            if (steps.TryPeek(out var step) && step.Name is null)
            {
                steps.Pop();
                steps.Push((null, step.Item + 1));
            }

            if (reader.TokenStartIndex == position) break;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                steps.Push((reader.TokenType == JsonTokenType.StartObject ? "" : null, -1));
        }

        var path = new StringBuilder();
        foreach (var (field, item) in steps.Reverse())
        {
            if (field is null) path.Append(CultureInfo.InvariantCulture, $"[{item}]");
            else path.Append(path.Length == 0 ? "" : ".").Append(field);
        }

        return path.ToString();
    }
}
