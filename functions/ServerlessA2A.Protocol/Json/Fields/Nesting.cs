using System.Runtime.InteropServices;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>Limits the nesting of JSON.</summary>
internal static class Nesting
{
    /// <summary>The violation of a value that nests too deep, the same for every binding and version.</summary>
    public static readonly string TooDeep = $"nests deeper than {ProtocolJson.MaxValueDepth} levels";

    /// <summary>The depth limit for readers of JSON that is skipped, or whose depth is checked elsewhere.</summary>
    public static readonly JsonReaderOptions Unlimited = new() { MaxDepth = int.MaxValue };

    /// <summary>Whether a value nests deeper than <see cref="ProtocolJson.MaxValueDepth"/>.</summary>
    public static bool IsTooDeep(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Object or JsonValueKind.Array } value)
            return false;
        var raw = JsonMarshal.GetRawUtf8Value(value);
        // Each level has two brackets, so most values are too short to nest too deep.
        if (raw.Length <= 2 * ProtocolJson.MaxValueDepth)
            return false;
        var reader = new Utf8JsonReader(raw, Unlimited);
        while (reader.Read())
        {
            if (reader.CurrentDepth >= ProtocolJson.MaxValueDepth)
                return true;
        }

        return false;
    }
}
