using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessA2A.Chat.Schemas;

namespace ServerlessA2A.GoogleCloud.Gemini.Schemas;

/// <summary>
/// Reduces any JSON Schema to one that the service accepts (docs/decisions/0014). Constraints that it cannot express go into the
/// description; values are checked where they are used.
/// </summary>
internal sealed class GeminiSchema
{
    /// <summary>The smallest integer beyond which numbers of the API (binary64) lose digits.</summary>
    private const double MaxExact = 1L << 53;

    /// <summary>Keywords beside alternatives are repeated in each: a small schema must not make a request too large.</summary>
    private const int MaxValues = 2_000;

    private static readonly string[] Formats = ["date-time", "date", "time"];
    private static readonly string[] Bounds = ["minimum", "maximum", "enum"];

    private readonly bool _hasExactNumbers;
    private int _values;

    private GeminiSchema(bool hasExactNumbers) => _hasExactNumbers = hasExactNumbers;

    /// <summary>
    /// The parameters of a function: an object with properties, in which 64-bit integers are text; null for a function without parameters.
    /// </summary>
    public static JsonObject? OfParameters(JsonElement schema)
    {
        var result = new GeminiSchema(hasExactNumbers: false).Normalize(SchemaExpansion.Expand(schema));
        if (result["anyOf"] is JsonArray alternatives)
            result = Union([.. alternatives.Select(choice => choice!.AsObject()).Where(choice => IsOf(choice, "object"))]);
        if (!IsOf(result, "object") || !(result.ContainsKey("properties") || result.ContainsKey("additionalProperties")))
            return null;
        result["type"] = "object";
        return result;
    }

    /// <summary>An answer in JSON, which arrives as text and so keeps all digits of its numbers.</summary>
    public static JsonObject OfAnswer(JsonElement schema) =>
        new GeminiSchema(hasExactNumbers: true).Normalize(SchemaExpansion.Expand(schema));

    private JsonObject Normalize(JsonObject schema)
    {
        var alternatives = new List<JsonObject>();
        var isNullable = Collect(schema, alternatives);
        alternatives = [.. alternatives.DistinctBy(choice => choice.ToJsonString())];
        if (alternatives.Count == 0)
            alternatives.Add(OfType("string", schema));
        if (alternatives is [var only] && !(isNullable && only.ContainsKey("enum")))
        {
            if (isNullable)
                only["type"] = new JsonArray(only["type"]!.GetValue<string>(), "null");
            return only;
        }

        if (isNullable)
            alternatives.Add(new JsonObject { ["type"] = "null" });
        return new JsonObject { ["anyOf"] = new JsonArray([.. alternatives]) };
    }

    /// <summary>
    /// Adds a schema for each type of a value. The service accepts nothing beside alternatives, so common keywords are repeated in each.
    /// </summary>
    /// <returns>Whether the value may be null.</returns>
    private bool Collect(JsonObject schema, List<JsonObject> alternatives)
    {
        var isNullable = schema.ContainsKey("nullable");
        if (schema["anyOf"] is JsonArray choices)
        {
            var common = SchemaMerging.Copy(schema);
            common.Remove("anyOf");
            common.Remove("nullable");
            foreach (var choice in choices)
                isNullable |= Collect(SchemaMerging.Merge(common, choice!.AsObject()), alternatives);
            return isNullable;
        }

        alternatives.AddRange(TypesOf(schema).Select(type => OfType(type, schema)));
        return isNullable;
    }

    /// <summary>
    /// The types of a value, which may be implicit; none if it can only be null. The default is text, which can express any value.
    /// </summary>
    private static IEnumerable<string> TypesOf(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
            return types.Select(type => type!.GetValue<string>());
        if (schema.ContainsKey("properties") || schema.ContainsKey("additionalProperties") || schema.ContainsKey("required"))
            return ["object"];
        if (schema.ContainsKey("items") || schema.ContainsKey("minItems") || schema.ContainsKey("maxItems"))
            return ["array"];
        if (schema["enum"] is JsonArray values && values.Select(value => value!.GetValueKind()).Distinct().ToList() is [var kind])
            return [kind is JsonValueKind.Number ? "number" : kind is JsonValueKind.True or JsonValueKind.False ? "boolean" : "string"];
        return [schema.ContainsKey("minimum") || schema.ContainsKey("maximum") ? "number" : "string"];
    }

    private JsonObject OfType(string type, JsonObject schema)
    {
        if (++_values > MaxValues)
            schema = [];
        var notes = Strings(schema["notes"]).ToList();
        var result = new JsonObject { ["type"] = type };
        switch (type)
        {
            case "object":
                AddProperties(result, schema);
                break;
            case "array":
                result["items"] = schema["items"] is JsonObject items ? Normalize(items) : new JsonObject { ["type"] = "string" };
                AddLimits(result, schema, notes, "minItems", "maxItems");
                break;
            case "integer" when !_hasExactNumbers && IsLong(schema):
                result["type"] = "string";
                notes.Insert(0, "a whole number, in decimal digits");
                notes.AddRange(Bounds.Where(schema.ContainsKey).Select(word => $"{word}: {schema[word]!.ToJsonString()}"));
                break;
            case "integer" or "number":
                AddLimits(result, schema, notes, "minimum", "maximum");
                break;
        }

        if (result["type"]!.GetValue<string>() == type)
            AddValues(result, schema, notes);
        Describe(result, schema, notes);
        return result;
    }

    private void AddProperties(JsonObject result, JsonObject schema)
    {
        if (schema["properties"] is JsonObject { Count: > 0 } properties)
        {
            var made = new JsonObject();
            foreach (var (name, property) in properties)
                made[name] = Normalize(property!.AsObject());
            result["properties"] = made;
            Require(result, Strings(schema["required"]).Where(properties.ContainsKey));
        }

        if (schema["additionalProperties"] is JsonObject others)
            result["additionalProperties"] = Normalize(others);
    }

    /// <summary>The service accepts only non-empty texts in enumerations.</summary>
    private static void AddValues(JsonObject result, JsonObject schema, List<string> notes)
    {
        if (schema["enum"] is not JsonArray values)
            return;
        if (result["type"]!.GetValue<string>() != "string" || values.Any(value => value!.GetValueKind() != JsonValueKind.String))
        {
            notes.Add($"one of {values.ToJsonString()}");
            return;
        }

        var texts = Strings(values).Distinct().ToList();
        if (texts.Remove(""))
            notes.Add("may be empty");
        if (texts.Count > 0)
            result["enum"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]);
    }

    /// <summary>A limit beyond the exact numbers of the API would become a different limit.</summary>
    private static void AddLimits(JsonObject result, JsonObject schema, List<string> notes, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (schema[word] is not { } limit)
                continue;
            if (Math.Abs(limit.GetValue<double>()) < MaxExact)
                result[word] = limit.DeepClone();
            else
                notes.Add($"{word}: {limit.ToJsonString()}");
        }
    }

    private static void Describe(JsonObject result, JsonObject schema, List<string> notes)
    {
        if (schema["title"] is { } title)
            result["title"] = title.DeepClone();
        if (schema["format"]?.GetValue<string>() is { } format)
        {
            if (result["type"]!.GetValue<string>() == "string" && Formats.Contains(format))
                result["format"] = format;
            else if (format is not ("int64" or "uint64"))
                notes.Add($"format: {format}");
        }

        var description = schema["description"]?.GetValue<string>();
        if (notes.Count > 0)
            description = string.Create(CultureInfo.InvariantCulture, $"{description} ({string.Join("; ", notes)})").TrimStart();
        if (description is not null)
            result["description"] = description;
    }

    private static bool IsLong(JsonObject schema) =>
        schema["format"]?.GetValue<string>() is "int64" or "uint64" || IsBeyond(schema["minimum"]) || IsBeyond(schema["maximum"]);

    private static bool IsBeyond(JsonNode? limit) => limit is not null && Math.Abs(limit.GetValue<double>()) >= MaxExact;

    private static bool IsOf(JsonObject schema, string type) => schema["type"] switch
    {
        JsonArray types => types[0]!.GetValue<string>() == type,
        { } only => only.GetValue<string>() == type,
        _ => false,
    };

    /// <summary>
    /// A function has one object of parameters. Alternatives are merged: the properties of all, of which those required by all are
    /// required.
    /// </summary>
    private static JsonObject Union(List<JsonObject> alternatives)
    {
        if (alternatives.Count == 0)
            return [];
        var result = SchemaMerging.Copy(alternatives[0]);
        foreach (var (name, property) in alternatives.SelectMany(choice => choice["properties"] as JsonObject ?? []).ToList())
        {
            var properties = (result["properties"] ??= new JsonObject()).AsObject();
            if (!properties.ContainsKey(name))
                properties[name] = property!.DeepClone();
        }

        result.Remove("required");
        Require(result, alternatives.Select(choice => Strings(choice["required"])).Aggregate((common, names) => common.Intersect(names)));
        return result;
    }

    private static void Require(JsonObject result, IEnumerable<string> names)
    {
        var required = new JsonArray([.. names.Select(name => JsonValue.Create(name))]);
        if (required.Count > 0)
            result["required"] = required;
    }

    private static IEnumerable<string> Strings(JsonNode? list) => (list as JsonArray ?? []).Select(text => text!.GetValue<string>());
}
