using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>
/// Checks JSON against the part of JSON Schema that Gemini understands: types, enumerations, properties, items and their limits.
/// Further words say nothing here, as they say nothing there.
/// </summary>
internal static class SchemaCheck
{
    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    /// <summary>The first thing that is wrong, with where; null where all is well.</summary>
    public static string? FaultOf(JsonElement value, JsonElement schema) => FaultOf(value, schema, "$");

    private static string? FaultOf(JsonElement value, JsonElement schema, string where)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return null;
        if (schema.TryGetProperty("type", out var type) && !IsOf(value, type))
            return $"{where} is of the type {NameOf(value)} instead of {type.GetRawText()}.";
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
            return $"{where} is {value.GetRawText()} instead of one of {allowed.GetRawText()}.";
        if (schema.TryGetProperty("anyOf", out var choices) && choices.EnumerateArray().All(choice => FaultOf(value, choice, where) is not null))
            return $"{where} satisfies none of the schemas in anyOf.";
        return value.ValueKind switch
        {
            JsonValueKind.Object => FaultOfObject(value, schema, where),
            JsonValueKind.Array => FaultOfArray(value, schema, where),
            JsonValueKind.Number => FaultOfRange(value.GetDouble(), schema, "minimum", "maximum", where),
            JsonValueKind.String => FaultOfText(value.GetString()!, schema, where),
            _ => null,
        };
    }

    private static string? FaultOfObject(JsonElement value, JsonElement schema, string where)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _))
                    return $"{where}.{name.GetString()} is missing.";
            }
        }

        if (!schema.TryGetProperty("properties", out var properties))
            return null;
        foreach (var property in value.EnumerateObject())
        {
            if (properties.TryGetProperty(property.Name, out var must) && FaultOf(property.Value, must, $"{where}.{property.Name}") is { } fault)
                return fault;
            if (!properties.TryGetProperty(property.Name, out _) && schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False)
                return $"{where}.{property.Name} is not in the schema.";
        }

        return null;
    }

    private static string? FaultOfArray(JsonElement value, JsonElement schema, string where)
    {
        if (FaultOfRange(value.GetArrayLength(), schema, "minItems", "maxItems", $"The length of {where}") is { } length)
            return length;
        if (!schema.TryGetProperty("items", out var must))
            return null;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (FaultOf(item, must, $"{where}[{index++}]") is { } fault)
                return fault;
        }

        return null;
    }

    private static string? FaultOfText(string value, JsonElement schema, string where)
    {
        if (FaultOfRange(value.EnumerateRunes().Count(), schema, "minLength", "maxLength", $"The length of {where}") is { } length)
            return length;
        return schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value, pattern.GetString()!, RegexOptions.ECMAScript, PatternLimit)
            ? $"{where} does not match {pattern.GetString()}."
            : null;
    }

    private static string? FaultOfRange(double value, JsonElement schema, string least, string most, string where)
    {
        if (schema.TryGetProperty(least, out var minimum) && value < minimum.GetDouble())
            return $"{where} is below {minimum.GetRawText()}.";
        return schema.TryGetProperty(most, out var maximum) && value > maximum.GetDouble() ? $"{where} is above {maximum.GetRawText()}." : null;
    }

    private static bool IsOf(JsonElement value, JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(one => IsOf(value, one))
        : type.GetString() == NameOf(value) || (type.ValueEquals("integer") && value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()));

    private static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
