using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessA2A.Chat.Schemas;

/// <summary>
/// Checks JSON against the part of JSON Schema that models support: types, enumerations, alternatives, references, properties, items and
/// their limits. Other and misused keywords are ignored, as models do.
/// </summary>
internal sealed class SchemaCheck
{
    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    private readonly JsonElement _root;

    private SchemaCheck(JsonElement root) => _root = root;

    /// <summary>The first fault with its path; null if there is none.</summary>
    public static string? FaultOf(JsonElement value, JsonElement schema) => new SchemaCheck(schema).FaultOf(value, schema, "$", []);

    /// <param name="value">The value to check.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="where">The path of the value.</param>
    /// <param name="open">The references followed for this value: none is followed twice.</param>
    private string? FaultOf(JsonElement value, JsonElement schema, string where, string[] open)
    {
        if (Word(schema, "$ref", JsonValueKind.String)?.GetString() is { } reference && !open.Contains(reference) &&
            SchemaExpansion.Resolve(_root, reference) is { } target && FaultOf(value, target, where, [.. open, reference]) is { } fault)
            return fault;
        if (Word(schema, "type", JsonValueKind.String, JsonValueKind.Array) is { } type && !IsOf(value, type))
            return $"{where} is of the type {NameOf(value)} instead of {type.GetRawText()}.";
        if (Word(schema, "enum", JsonValueKind.Array) is { } allowed &&
            !allowed.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
            return $"{where} is {value.GetRawText()} instead of one of {allowed.GetRawText()}.";
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("const", out var only) &&
            !JsonElement.DeepEquals(only, value))
            return $"{where} is {value.GetRawText()} instead of {only.GetRawText()}.";
        foreach (var part in Word(schema, "allOf", JsonValueKind.Array)?.EnumerateArray() ?? default)
        {
            if (FaultOf(value, part, where, open) is { } broken)
                return broken;
        }

        foreach (var word in (string[])["anyOf", "oneOf"])
        {
            if (Word(schema, word, JsonValueKind.Array) is { } choices && choices.GetArrayLength() > 0 &&
                choices.EnumerateArray().All(choice => FaultOf(value, choice, where, open) is not null))
                return $"{where} satisfies none of the schemas in {word}.";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => FaultOfObject(value, schema, where),
            JsonValueKind.Array => FaultOfArray(value, schema, where),
            JsonValueKind.Number => FaultOfRange(value.GetDouble(), schema, "minimum", "maximum", where),
            JsonValueKind.String => FaultOfText(value.GetString()!, schema, where),
            _ => null,
        };
    }

    private string? FaultOfObject(JsonElement value, JsonElement schema, string where)
    {
        var required = Word(schema, "required", JsonValueKind.Array)?.EnumerateArray();
        foreach (var name in required?.Where(name => name.ValueKind == JsonValueKind.String) ?? [])
        {
            if (!value.TryGetProperty(name.GetString()!, out _))
                return $"{where}.{name.GetString()} is missing.";
        }

        if (FaultOfRange(
            value.GetPropertyCount(), schema, "minProperties", "maxProperties", $"The number of properties of {where}") is { } number)
            return number;
        var properties = Word(schema, "properties", JsonValueKind.Object);
        foreach (var property in value.EnumerateObject())
        {
            if (properties?.TryGetProperty(property.Name, out var must) == true)
            {
                if (FaultOf(property.Value, must, $"{where}.{property.Name}", []) is { } fault)
                    return fault;
            }
            else if (properties is not null && Word(schema, "additionalProperties", JsonValueKind.False) is not null)
            {
                return $"{where}.{property.Name} is not in the schema.";
            }
        }

        return null;
    }

    private string? FaultOfArray(JsonElement value, JsonElement schema, string where)
    {
        if (FaultOfRange(value.GetArrayLength(), schema, "minItems", "maxItems", $"The length of {where}") is { } length)
            return length;
        if (Word(schema, "items", JsonValueKind.Object) is not { } must)
            return null;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (FaultOf(item, must, $"{where}[{index++}]", []) is { } fault)
                return fault;
        }

        return null;
    }

    private static string? FaultOfText(string value, JsonElement schema, string where)
    {
        if (FaultOfRange(value.EnumerateRunes().Count(), schema, "minLength", "maxLength", $"The length of {where}") is { } length)
            return length;
        return Word(schema, "pattern", JsonValueKind.String)?.GetString() is { } pattern && !Matches(value, pattern)
            ? $"{where} does not match {pattern}."
            : null;
    }

    private static string? FaultOfRange(double value, JsonElement schema, string least, string most, string where)
    {
        if (Word(schema, least, JsonValueKind.Number) is { } minimum && value < minimum.GetDouble())
            return $"{where} is below {minimum.GetRawText()}.";
        return Word(schema, most, JsonValueKind.Number) is { } maximum && value > maximum.GetDouble()
            ? $"{where} is above {maximum.GetRawText()}."
            : null;
    }

    /// <summary>A pattern that is invalid, or too slow to match, excludes nothing.</summary>
    private static bool Matches(string value, string pattern)
    {
        try
        {
            return Regex.IsMatch(value, pattern, RegexOptions.ECMAScript, PatternLimit);
        }
        catch (Exception undecided) when (undecided is ArgumentException or RegexMatchTimeoutException)
        {
            return true;
        }
    }

    private static bool IsOf(JsonElement value, JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.Array => type.EnumerateArray().Any(one => IsOf(value, one)),
        JsonValueKind.String => type.ValueEquals(NameOf(value)) ||
            (type.ValueEquals("integer") && value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble())),
        _ => false,
    };

    /// <summary>A keyword of the schema, if it has the expected type.</summary>
    private static JsonElement? Word(JsonElement schema, string name, params ReadOnlySpan<JsonValueKind> kinds) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var word) && kinds.Contains(word.ValueKind)
            ? word
            : null;

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
