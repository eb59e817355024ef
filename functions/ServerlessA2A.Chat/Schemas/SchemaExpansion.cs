using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessA2A.Chat.Schemas;

/// <summary>
/// Expands any JSON Schema to few keywords: references are followed, <c>allOf</c> is merged, <c>oneOf</c> becomes <c>anyOf</c>,
/// <c>const</c> becomes <c>enum</c>, <c>type</c> is a list, and the type null becomes <c>nullable</c>. Other constraints go into the list
/// <c>notes</c>.
/// </summary>
/// <remarks>
/// The result is finite even for recursive schemas: for a value described by an enclosing schema, or beyond the limits, it states only the
/// type.
/// </remarks>
internal sealed class SchemaExpansion
{
    /// <summary>
    /// The limit of nested values. The service's parser stops at 100 levels of protocol buffers, of which each value takes up to six.
    /// </summary>
    private const int MaxDepth = 10;

    /// <summary>The limit of values in total: references to one schema from many places multiply.</summary>
    private const int MaxValues = 1_000;

    private static readonly string[] Texts = ["title", "description", "format"];
    private static readonly string[] Numbers = ["minimum", "maximum", "minItems", "maxItems"];
    private static readonly string[] Noted =
    [
        "default", "pattern", "minLength", "maxLength", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems",
        "minProperties",
        "maxProperties",
    ];

    private const int LongestNote = 200;

    private readonly JsonElement _root;
    private int _values;

    private SchemaExpansion(JsonElement root) => _root = root;

    /// <summary>The expanded schema; empty for one that allows anything, such as <c>true</c>.</summary>
    public static JsonObject Expand(JsonElement schema) => new SchemaExpansion(schema).Expand(schema, "", 0, []);

    /// <summary>The target of a reference within a schema; null if there is none.</summary>
    public static JsonElement? Resolve(JsonElement root, string reference)
    {
        if (!reference.StartsWith('#'))
            return null;
        var found = root;
        foreach (var name in Steps(reference))
        {
            if (found.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < found.GetArrayLength())
                found = found[index];
            else if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
                return null;
        }

        return found;
    }

    private static IEnumerable<string> Steps(string reference) =>
        from step in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries)
        select Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static string At(string place, params ReadOnlySpan<object> steps) => $"{place}\n{string.Join('\n', steps)}";

    /// <param name="schema">The schema.</param>
    /// <param name="place">Its path in the whole schema, one step per line.</param>
    /// <param name="depth">The number of values around the one that it describes.</param>
    /// <param name="around">The paths of the enclosing schemas.</param>
    private JsonObject Expand(JsonElement schema, string place, int depth, string[] around)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return [];
        if (depth > MaxDepth || ++_values > MaxValues)
            return Outline(schema, []);
        around = [.. around, place];
        var result = new JsonObject();
        if (Text(schema, "$ref") is { } reference && Resolve(_root, reference) is { } target)
        {
            var there = Steps(reference).Aggregate("", (path, step) => At(path, step));
            result = around.Contains(there) ? Repeated(target) : Expand(target, there, depth, around);
        }

        foreach (var (i, part) in Items(schema, "allOf").Index())
            result = SchemaMerging.Merge(result, Expand(part, At(place, "allOf", i), depth, around));
        return SchemaMerging.Merge(result, OwnWords(schema, place, depth, around));
    }

    private JsonObject Repeated(JsonElement schema)
    {
        var outline = Outline(schema, []);
        if (outline["type"] is JsonArray { Count: > 0 })
            outline["notes"] = new JsonArray("of the same form as a value around it");
        return outline;
    }

    private JsonObject OwnWords(JsonElement schema, string place, int depth, string[] around)
    {
        var result = new JsonObject();
        foreach (var name in Texts)
        {
            if (Text(schema, name) is { Length: > 0 } text)
                result[name] = text;
        }

        foreach (var name in Numbers)
        {
            if (Has(schema, name, JsonValueKind.Number) && schema.GetProperty(name) is var number && double.IsFinite(number.GetDouble()))
                result[name] = JsonValue.Create(number);
        }

        AddType(result, schema);
        AddValues(result, schema);
        AddNotes(result, schema);
        AddProperties(result, schema, place, depth, around);
        AddItems(result, schema, place, depth, around);
        var word = Items(schema, "anyOf").Count > 0 ? "anyOf" : "oneOf";
        if (Items(schema, word) is { Count: > 0 } choices)
            result["anyOf"] = new JsonArray([.. choices.Select((choice, i) => Expand(choice, At(place, word, i), depth + 1, around))]);
        return result;
    }

    /// <summary>Only the type of a value.</summary>
    private JsonObject Outline(JsonElement schema, string[] open)
    {
        var result = new JsonObject();
        AddType(result, schema);
        if (Has(schema, "items", JsonValueKind.Object))
            result["items"] = Outline(schema.GetProperty("items"), open);
        if (result.ContainsKey("type"))
            return result;
        if (Text(schema, "$ref") is { } reference && !open.Contains(reference) && Resolve(_root, reference) is { } target)
            return Outline(target, [.. open, reference]);
        var parts = Items(schema, "anyOf").Concat(Items(schema, "oneOf"))
            .Concat(Items(schema, "allOf")).Select(part => Outline(part, open));
        if (parts.FirstOrDefault(part => part["type"] is JsonArray { Count: > 0 }) is { } outline)
            return outline;
        if (Has(schema, "properties", JsonValueKind.Object))
            result["type"] = new JsonArray("object");
        return result;
    }

    private static void AddType(JsonObject result, JsonElement schema)
    {
        List<string> types = Text(schema, "type") is { } only
            ? [only]
            : [.. Items(schema, "type").Where(type => type.ValueKind == JsonValueKind.String).Select(type => type.GetString()!)];
        var known = types.Where(type => type is "string" or "number" or "integer" or "boolean" or "array" or "object").Distinct().ToList();
        if (types.Contains("null") || (Has(schema, "nullable", JsonValueKind.True) && types.Count > 0))
            result["nullable"] = true;
        if (known.Count > 0 || types.Contains("null"))
            result["type"] = new JsonArray([.. known.Select(type => JsonValue.Create(type))]);
    }

    private static void AddValues(JsonObject result, JsonElement schema)
    {
        List<JsonElement> values = schema.TryGetProperty("const", out var only) ? [only] : Items(schema, "enum");
        if (values.Count == 0)
            return;
        if (values.Exists(value => value.ValueKind == JsonValueKind.Null))
            result["nullable"] = true;
        var others = values.Where(value => value.ValueKind != JsonValueKind.Null).ToList();
        if (others.Count > 0)
            result["enum"] = new JsonArray([.. others.Select(JsonNode? (value) => JsonNode.Parse(value.GetRawText()))]);
        else
            result["type"] ??= new JsonArray();
    }

    private static void AddNotes(JsonObject result, JsonElement schema)
    {
        var notes = new List<string>();
        foreach (var word in Noted)
        {
            if (!schema.TryGetProperty(word, out var value) || value.ValueKind is JsonValueKind.Null)
                continue;
            if ($"{word}: {value.GetRawText()}" is { Length: <= LongestNote } note)
                notes.Add(note);
        }

        if (notes.Count > 0)
            result["notes"] = new JsonArray([.. notes.Select(note => JsonValue.Create(note))]);
    }

    private void AddProperties(JsonObject result, JsonElement schema, string place, int depth, string[] around)
    {
        if (Has(schema, "properties", JsonValueKind.Object))
        {
            var properties = new JsonObject();
            foreach (var property in schema.GetProperty("properties").EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.False)
                    properties[property.Name] = Expand(property.Value, At(place, "properties", property.Name), depth + 1, around);
            }

            result["properties"] = properties;
        }

        var required = Items(schema, "required").Where(name => name.ValueKind == JsonValueKind.String)
            .Select(name => name.GetString()!).Distinct().ToList();
        if (required.Count > 0)
            result["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        if (Has(schema, "additionalProperties", JsonValueKind.Object))
        {
            var others = schema.GetProperty("additionalProperties");
            result["additionalProperties"] = Expand(others, At(place, "additionalProperties"), depth + 1, around);
        }
        else if (Has(schema, "patternProperties", JsonValueKind.Object))
        {
            foreach (var named in schema.GetProperty("patternProperties").EnumerateObject().Take(1))
                result["additionalProperties"] = Expand(named.Value, At(place, "patternProperties", named.Name), depth + 1, around);
        }
    }

    /// <summary>The items of a tuple become alternatives.</summary>
    private void AddItems(JsonObject result, JsonElement schema, string place, int depth, string[] around)
    {
        List<(string Place, JsonElement Schema)> items =
        [
            .. Items(schema, "prefixItems").Select((item, i) => (At(place, "prefixItems", i), item)),
            .. Items(schema, "items").Select((item, i) => (At(place, "items", i), item)),
        ];
        if (Has(schema, "items", JsonValueKind.Object))
            items.Add((At(place, "items"), schema.GetProperty("items")));
        var expanded = items.Select(JsonNode? (item) => Expand(item.Schema, item.Place, depth + 1, around)).ToArray();
        if (expanded is [var only])
            result["items"] = only;
        else if (expanded.Length > 1)
            result["items"] = new JsonObject { ["anyOf"] = new JsonArray(expanded) };
    }

    private static bool Has(JsonElement schema, string name, JsonValueKind kind) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value) && value.ValueKind == kind;

    private static string? Text(JsonElement schema, string name) =>
        Has(schema, name, JsonValueKind.String) ? schema.GetProperty(name).GetString() : null;

    private static List<JsonElement> Items(JsonElement schema, string name) =>
        Has(schema, name, JsonValueKind.Array) ? [.. schema.GetProperty(name).EnumerateArray()] : [];
}
