using System.Text.Json;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>
/// JSON Schema as Gemini's own subset of it. What the subset has no word for is left out: a schema that says less still describes, and
/// what comes back is checked where it is used.
/// </summary>
internal static class GeminiSchema
{
    private const int AnyOfField = 11;

    /// <summary>The schema; null for one that allows anything, such as <c>true</c>.</summary>
    public static V1.OpenApiSchema? From(JsonElement schema) => From(schema, schema, []);

    /// <summary>What a reference within a schema refers to; null for nothing.</summary>
    public static JsonElement? Resolve(JsonElement root, string reference)
    {
        if (!reference.StartsWith('#'))
            return null;
        var found = root;
        foreach (var step in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
                return null;
        }

        return found;
    }

    /// <param name="schema">The schema.</param>
    /// <param name="root">Where its references point into.</param>
    /// <param name="open">The references that lead here. None is followed twice: a schema may refer to itself, Gemini's can't.</param>
    private static V1.OpenApiSchema? From(JsonElement schema, JsonElement root, string[] open)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return null;
        var own = OwnWords(schema, root, open);
        if (Text(schema, "$ref") is not { } reference || open.Contains(reference) || Resolve(root, reference) is not { } target ||
            From(target, root, [.. open, reference]) is not { } result)
            return own;
        // Beside alternatives nothing may stand.
        if (NumberedFields.Read(result, AnyOfField).Count == 0)
            result.MergeFrom(own);
        return result;
    }

    private static V1.OpenApiSchema OwnWords(JsonElement schema, JsonElement root, string[] open)
    {
        if (AnyOf(schema, root, open) is { } anyOf)
            return anyOf;
        var result = new V1.OpenApiSchema
        {
            Title = Text(schema, "title") ?? "",
            Description = Text(schema, "description") ?? "",
            Format = Text(schema, "format") ?? "",
            Pattern = Text(schema, "pattern") ?? "",
        };
        SetType(result, schema);
        SetAlternatives(result, schema, root, open);
        SetValues(result, schema);
        if (schema.TryGetProperty("items", out var items))
            result.Items = Typed(From(items, root, open));
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
                result.Properties[property.Name] = Typed(From(property.Value, root, open));
        }

        result.Required.AddRange(Texts(schema, "required"));
        result.MinItems = Whole(schema, "minItems");
        result.MaxItems = Whole(schema, "maxItems");
        result.MinLength = Whole(schema, "minLength");
        result.MaxLength = Whole(schema, "maxLength");
        result.MinProperties = Whole(schema, "minProperties");
        result.MaxProperties = Whole(schema, "maxProperties");
        return result;
    }

    /// <summary>JSON Schema may name several types; Gemini one, and whether null is one more.</summary>
    private static void SetType(V1.OpenApiSchema result, JsonElement schema)
    {
        foreach (var name in Text(schema, "type") is { } only ? [only] : Texts(schema, "type"))
        {
            if (name == "null")
                result.Nullable = true;
            else if (result.Type == V1.Type.Unspecified)
                result.Type = ToType(name);
        }

        if (result.Type == V1.Type.Unspecified && schema.TryGetProperty("properties", out _))
            result.Type = V1.Type.Object;
    }

    /// <summary>The service wants a type wherever there is a value. Text can say anything.</summary>
    private static V1.OpenApiSchema Typed(V1.OpenApiSchema? schema)
    {
        schema ??= new V1.OpenApiSchema();
        if (schema.Type == V1.Type.Unspecified && NumberedFields.Read(schema, AnyOfField).Count == 0)
            schema.Type = V1.Type.String;
        return schema;
    }

    /// <summary>Several alternatives: the service takes nothing beside them, so what is said of them all is said of each.</summary>
    private static V1.OpenApiSchema? AnyOf(JsonElement schema, JsonElement root, string[] open)
    {
        if (Alternatives(schema) is not { Count: > 1 } alternatives)
            return null;
        var (description, isNullable) = (Text(schema, "description"), HasNull(schema));
        var result = new V1.OpenApiSchema();
        foreach (var alternative in alternatives)
        {
            var choice = Typed(From(alternative, root, open));
            if (choice.Description.Length == 0 && description is not null)
                choice.Description = description;
            choice.Nullable |= isNullable;
            NumberedFields.Set(result, AnyOfField, Google.Protobuf.MessageExtensions.ToByteString(choice));
        }

        return result;
    }

    private static List<JsonElement> Alternatives(JsonElement schema) =>
        [.. AllAlternatives(schema).Where(alternative => Text(alternative, "type") != "null")];

    private static bool HasNull(JsonElement schema) => AllAlternatives(schema).Any(alternative => Text(alternative, "type") == "null");

    private static List<JsonElement> AllAlternatives(JsonElement schema)
    {
        foreach (var word in (string[])["anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(word, out var alternatives) && alternatives.ValueKind == JsonValueKind.Array)
                return [.. alternatives.EnumerateArray()];
        }

        return [];
    }

    /// <summary>One alternative, beside null perhaps, is the schema itself.</summary>
    private static void SetAlternatives(V1.OpenApiSchema result, JsonElement schema, JsonElement root, string[] open)
    {
        result.Nullable |= HasNull(schema);
        if (Alternatives(schema) is [var only] && From(only, root, open) is { } choice)
            result.MergeFrom(choice);
    }

    private static void SetValues(V1.OpenApiSchema result, JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array)
        {
            // Only texts can be listed.
            if (values.EnumerateArray().All(value => value.ValueKind is JsonValueKind.String or JsonValueKind.Null))
            {
                result.Enum.AddRange(Texts(schema, "enum"));
                result.Nullable |= result.Enum.Count < values.GetArrayLength();
                result.Type = V1.Type.String;
            }
        }
        else if (Text(schema, "const") is { } only)
        {
            result.Enum.Add(only);
            result.Type = V1.Type.String;
        }

        if (schema.TryGetProperty("default", out var fallback))
            result.Default = StructJson.ToValue(fallback);
        if (Number(schema, "minimum") is { } minimum)
            result.Minimum = minimum;
        if (Number(schema, "maximum") is { } maximum)
            result.Maximum = maximum;
    }

    private static V1.Type ToType(string name) => name switch
    {
        "string" => V1.Type.String,
        "number" => V1.Type.Number,
        "integer" => V1.Type.Integer,
        "boolean" => V1.Type.Boolean,
        "array" => V1.Type.Array,
        "object" => V1.Type.Object,
        _ => V1.Type.Unspecified,
    };

    private static string? Text(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static IEnumerable<string> Texts(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)
            : [];

    private static long Whole(JsonElement schema, string name) => Number(schema, name) is { } number ? (long)number : 0;

    private static double? Number(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
