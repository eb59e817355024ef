using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>Converts JSON to and from Gemini's structures.</summary>
internal static class StructJson
{
    /// <summary>The largest integer that a structure's numbers (binary64) represent exactly.</summary>
    private const long MaxExact = 1L << 53;

    /// <summary>The structure of a JSON object.</summary>
    public static Struct ToStruct(JsonElement json)
    {
        var result = new Struct();
        foreach (var property in json.EnumerateObject())
            result.Fields[property.Name] = ToValue(property.Value);
        return result;
    }

    /// <summary>The value of any JSON. An integer that would be rounded becomes text, because a rounded id names something else.</summary>
    public static Value ToValue(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Value.ForStruct(ToStruct(json)),
        JsonValueKind.Array => Value.ForList([.. json.EnumerateArray().Select(ToValue)]),
        JsonValueKind.String => Value.ForString(json.GetString()),
        JsonValueKind.Number => ToNumber(json),
        JsonValueKind.True => Value.ForBool(true),
        JsonValueKind.False => Value.ForBool(false),
        _ => Value.ForNull(),
    };

    /// <summary>The JSON of a structure. An exact integer is written in digits, one that may have lost digits with an exponent.</summary>
    public static JsonObject ToJson(Struct structure) =>
        new(structure.Fields.Select(field => KeyValuePair.Create(field.Key, ToJson(field.Value))));

    /// <inheritdoc cref="ToJson(Struct)"/>
    public static JsonNode? ToJson(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StructValue => ToJson(value.StructValue),
        Value.KindOneofCase.ListValue => new JsonArray([.. value.ListValue.Values.Select(ToJson)]),
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.BoolValue => value.BoolValue,
        Value.KindOneofCase.NumberValue when IsWhole(value.NumberValue) => (long)value.NumberValue,
        Value.KindOneofCase.NumberValue when double.IsInteger(value.NumberValue) => WithExponent(value.NumberValue),
        Value.KindOneofCase.NumberValue when double.IsFinite(value.NumberValue) => value.NumberValue,
        Value.KindOneofCase.NumberValue => value.NumberValue.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static JsonNode? WithExponent(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return JsonNode.Parse(text.Contains('E', StringComparison.Ordinal) ? text : number.ToString("E16", CultureInfo.InvariantCulture));
    }

    private static Value ToNumber(JsonElement json) => json.TryGetInt64(out var whole) && whole is > -MaxExact and < MaxExact
        ? Value.ForNumber(whole)
        : json.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') && double.IsFinite(json.GetDouble())
            ? Value.ForNumber(json.GetDouble())
            : Value.ForString(json.GetRawText());

    private static bool IsWhole(double number) => double.IsInteger(number) && Math.Abs(number) < MaxExact;
}
