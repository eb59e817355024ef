using System.Text.Json;

namespace ServerlessA2A.FakeVertex;

/// <summary>What the service demands of a JSON Schema.</summary>
public static class SchemaRules
{
    private const int MaxDepth = 30;

    private static readonly string[] Words =
    [
        "type", "title", "description", "format", "enum", "items", "minItems", "maxItems", "minimum", "maximum", "anyOf", "properties",
        "additionalProperties", "required",
    ];

    private static readonly (string Word, string[] Types)[] Places =
    [
        ("items", ["array"]), ("minItems", ["array"]), ("maxItems", ["array"]), ("properties", ["object"]), ("required", ["object"]),
        ("additionalProperties", ["object"]), ("enum", ["string"]), ("format", ["string"]), ("minimum", ["number", "integer"]),
        ("maximum", ["number", "integer"]),
    ];

    private static readonly string[] Types = ["string", "number", "integer", "boolean", "array", "object"];

    /// <summary>What is wrong with the parameters of a function; null for nothing.</summary>
    public static string? FaultOfParameters(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type) && type.GetRawText() == "\"object\""
            ? FaultOf(schema)
            : "parameters schema should be of type OBJECT";

    /// <summary>What is wrong with a schema; null for nothing.</summary>
    public static string? FaultOf(JsonElement schema, string where = "schema", int depth = 0)
    {
        if (depth > MaxDepth)
            return $"{where}: too deep";
        if (schema.ValueKind != JsonValueKind.Object)
            return $"{where}: is no object";
        if (schema.EnumerateObject().Select(word => word.Name).FirstOrDefault(word => !Words.Contains(word)) is { } unknown)
            return $"{where}: unknown word {unknown}";
        if (schema.TryGetProperty("anyOf", out var choices))
            return FaultOfChoices(schema, choices, where, depth);
        return TypeOf(schema) is { } type ? FaultOfType(type, schema, where, depth) : $"{where}: type is missing or unknown";
    }

    private static string? FaultOfChoices(JsonElement schema, JsonElement choices, string where, int depth)
    {
        if (schema.EnumerateObject().Count() > 1)
            return $"{where}: beside anyOf nothing may stand";
        if (choices.GetArrayLength() < 2)
            return $"{where}: anyOf has too few alternatives";
        return choices.EnumerateArray().Where(choice => choice.GetRawText() != """{"type":"null"}""")
            .Select((choice, i) => FaultOf(choice, $"{where}.anyOf[{i}]", depth + 1)).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOfType(string type, JsonElement schema, string where, int depth)
    {
        foreach (var (word, types) in Places)
        {
            if (schema.TryGetProperty(word, out _) && !types.Contains(type))
                return $"{where}: {word} is not allowed on {type}";
        }

        if (type == "array")
        {
            return schema.TryGetProperty("items", out var items)
                ? FaultOf(items, $"{where}.items", depth + 1)
                : $"{where}: missing field items";
        }

        if (schema.TryGetProperty("enum", out var values) &&
            (values.GetArrayLength() == 0 || values.EnumerateArray().Any(value => !IsText(value))))
            return $"{where}: enum cannot be empty, nor have empty values";
        return type == "object" ? FaultOfObject(schema, where, depth) : null;
    }

    private static string? FaultOfObject(JsonElement schema, string where, int depth)
    {
        var names = new HashSet<string>();
        if (schema.TryGetProperty("properties", out var properties))
        {
            if (!properties.EnumerateObject().Any())
                return $"{where}: properties should be non-empty";
            foreach (var property in properties.EnumerateObject())
            {
                names.Add(property.Name);
                if (FaultOf(property.Value, $"{where}.{property.Name}", depth + 1) is { } fault)
                    return fault;
            }
        }

        if (schema.TryGetProperty("required", out var required) && !required.EnumerateArray()
            .All(name => names.Contains(name.GetString()!)))
            return $"{where}: required names a property that is not defined";
        return schema.TryGetProperty("additionalProperties", out var others) ? FaultOf(others, $"{where}.*", depth + 1) : null;
    }

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is not "";

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return null;
        var name = type.ValueKind switch
        {
            JsonValueKind.String => type.GetString(),
            JsonValueKind.Array when type.GetArrayLength() == 2 && type[1].GetString() == "null" => type[0].GetString(),
            _ => null,
        };
        return Types.Contains(name) ? name : null;
    }
}
