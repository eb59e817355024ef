using System.Text.Json.Nodes;

namespace ServerlessA2A.Chat.Schemas;

/// <summary>Merges two expanded schemas (<see cref="SchemaExpansion"/>) that both apply.</summary>
internal static class SchemaMerging
{
    private const int MostAlternatives = 16;

    /// <summary>The merged schema. If only one value can remain, such as a description, the second one wins.</summary>
    public static JsonObject Merge(JsonObject first, JsonObject second)
    {
        if (first.Count == 0)
            return second;
        var result = Copy(first);
        foreach (var (word, value) in second)
            result[word] = first[word] is { } before ? Both(word, before, value!) : value?.DeepClone();
        return result;
    }

    /// <summary>A deep copy.</summary>
    public static JsonObject Copy(JsonObject schema) => schema.DeepClone().AsObject();

    private static JsonNode Both(string word, JsonNode first, JsonNode second) => word switch
    {
        "type" => Types(first.AsArray(), second.AsArray()),
        "enum" => Common(first.AsArray(), second.AsArray()),
        "properties" => Properties(first.AsObject(), second.AsObject()),
        "items" or "additionalProperties" => SchemaMerging.Merge(first.AsObject(), second.AsObject()).DeepClone(),
        "required" or "notes" => new JsonArray([.. Strings(first).Union(Strings(second)).Select(text => JsonValue.Create(text))]),
        "anyOf" => Alternatives(first.AsArray(), second.AsArray()),
        "minimum" or "minItems" => (Number(first) > Number(second) ? first : second).DeepClone(),
        "maximum" or "maxItems" => (Number(first) < Number(second) ? first : second).DeepClone(),
        _ => second.DeepClone(),
    };

    private static JsonArray Types(JsonArray first, JsonArray second)
    {
        var (some, others) = (Strings(first).ToList(), Strings(second).ToList());
        var both = others.Where(type => some.Contains(type) || (type == "integer" && some.Contains("number")))
            .Union(some.Where(type => type == "integer" && others.Contains("number"))).ToList();
        return both.Count > 0 ? new JsonArray([.. both.Select(type => JsonValue.Create(type))]) : Copy(second);
    }

    private static JsonArray Common(JsonArray first, JsonArray second)
    {
        var both = second.Where(value => first.Any(one => JsonNode.DeepEquals(one, value))).ToList();
        return both.Count > 0 ? new JsonArray([.. both.Select(value => value?.DeepClone())]) : Copy(second);
    }

    private static JsonObject Properties(JsonObject first, JsonObject second)
    {
        var result = Copy(first);
        foreach (var (name, schema) in second)
            result[name] = first[name] is { } before ? Merge(before.AsObject(), schema!.AsObject()).DeepClone() : schema!.DeepClone();
        return result;
    }

    private static JsonArray Alternatives(JsonArray first, JsonArray second) => first.Count * second.Count > MostAlternatives
        ? Copy(second)
        : new JsonArray([.. from one in first from other in second select Merge(one!.AsObject(), other!.AsObject()).DeepClone()]);

    private static JsonArray Copy(JsonArray array) => array.DeepClone().AsArray();

    private static IEnumerable<string> Strings(JsonNode node) => node.AsArray().Select(item => item!.GetValue<string>());

    private static double Number(JsonNode node) => node.GetValue<double>();
}
