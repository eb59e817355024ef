using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Tests.Protocol;

/// <summary>
/// Spells the fields of a document as a2a.proto does; free JSON is left alone. Written independently of the reader's pass.
/// </summary>
internal static class SnakeCase
{
    private static readonly HashSet<string> Free = ["metadata", "data", "params", "header", "scopes", "schemes"];

    public static string Of(string json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Copy(JsonElement.Parse(Encoding.UTF8.GetBytes(json)), buffer, isMap: false);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Copy(JsonElement value, ArrayBufferWriter<byte> target, bool isMap)
    {
        var separator = "";
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Write(target, "{");
                foreach (var member in value.EnumerateObject())
                {
                    Write(target, $"{separator}\"{(isMap ? member.Name : Rename(member.Name))}\":");
                    if (!isMap && Free.Contains(member.Name)) target.Write(JsonMarshal.GetRawUtf8Value(member.Value));
                    else Copy(member.Value, target, !isMap && member.Name == "securitySchemes");
                    separator = ",";
                }

                Write(target, "}");
                break;
            case JsonValueKind.Array:
                Write(target, "[");
                foreach (var item in value.EnumerateArray())
                {
                    Write(target, separator);
                    Copy(item, target, isMap: false);
                    separator = ",";
                }

                Write(target, "]");
                break;
            default:
                target.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static string Rename(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterUpper(letter) ? "_" + char.ToLowerInvariant(letter) : letter.ToString()));

    private static void Write(ArrayBufferWriter<byte> target, string text) => target.Write(Encoding.UTF8.GetBytes(text));
}
