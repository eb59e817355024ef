using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Schemas;

namespace ServerlessA2A.Chat.Tools;

/// <summary>
/// Integers among a tool's arguments. Models write large ones as text, because numbers lose digits in transit. If the tool expects an
/// integer, such a text is converted; a number that has lost digits is rejected, because a rounded id names something else.
/// </summary>
internal static partial class WholeNumbers
{
    /// <summary>The arguments for the tool, or the correction for the model.</summary>
    public static (AIFunctionArguments Arguments, string? Fault) Restore(IDictionary<string, object?>? arguments, JsonElement schema)
    {
        var restored = new AIFunctionArguments(arguments);
        string? fault = null;
        if (arguments?.Count is not > 0 || SchemaExpansion.Expand(schema) is not { Count: > 0 } expanded)
            return (restored, null);
        foreach (var (name, value) in arguments)
        {
            if (value is not (JsonElement or string or double) || ChildOf(expanded, name) is not { } child)
                continue;
            var json = JsonNode.Parse(ChatJson.ToElement(value).GetRawText());
            var exact = Restore(json, child, name, ref fault);
            if (!JsonNode.DeepEquals(json, exact))
                restored[name] = ChatJson.ToElement(exact);
        }

        return (restored, fault);
    }

    private static JsonNode? Restore(JsonNode? value, JsonObject schema, string where, ref string? fault)
    {
        switch (value)
        {
            case JsonObject members:
                var made = new JsonObject();
                foreach (var (name, member) in members)
                    made[name] = ChildOf(schema, name) is { } child
                        ? Restore(member, child, At(where, name), ref fault)
                        : member?.DeepClone();
                return made;
            case JsonArray items when Choices(schema).Select(choice => choice["items"]).OfType<JsonObject>().FirstOrDefault() is { } item:
                var list = new JsonArray();
                for (var i = 0; i < items.Count; i++)
                    list.Add(Restore(items[i], item, $"{where}[{i}]", ref fault));
                return list;
            case JsonValue scalar when Types(schema) is var types && types.Contains("integer"):
                if (!types.Contains("string") && scalar.TryGetValue<string>(out var text) && Digits().IsMatch(text))
                    return JsonNode.Parse(text);
                if (!types.Contains("number") && scalar.GetValueKind() == JsonValueKind.Number && HasLostDigits(scalar))
                {
                    fault ??= $"{where} is {scalar.ToJsonString()}, a number too large to arrive with all its digits. " +
                        "Give it as a string of decimal digits.";
                }

                return scalar.DeepClone();
            default:
                return value?.DeepClone();
        }
    }

    /// <summary>An integer in digits is exact; one with an exponent, beyond the exact range of binary64, is not.</summary>
    private static bool HasLostDigits(JsonValue number) =>
        number.ToJsonString().AsSpan().ContainsAny('e', 'E') && Math.Abs(number.GetValue<double>()) >= 1L << 53;

    private static JsonObject? ChildOf(JsonObject schema, string name) =>
        Choices(schema).Select(choice => (choice["properties"] as JsonObject)?[name] ?? choice["additionalProperties"])
            .OfType<JsonObject>().FirstOrDefault();

    private static string At(string where, string name) => $"{where}.{name}";

    private static HashSet<string> Types(JsonObject schema) =>
        [.. from choice in Choices(schema) from type in choice["type"] as JsonArray ?? [] select type.GetValue<string>()];

    private static IEnumerable<JsonObject> Choices(JsonObject schema) =>
        (schema["anyOf"] as JsonArray ?? []).SelectMany(choice => Choices(choice!.AsObject())).Prepend(schema);

    [GeneratedRegex("^-?(0|[1-9][0-9]*)$")]
    private static partial Regex Digits();
}
