using System.Text.Json;

namespace CloudNative.CloudEvents.SystemTextJson;

/// <summary>Attributes as members of a structured event: JSON event format 1.0, section 2.2.</summary>
internal static class JsonAttributes
{
    public static void Read(CloudEvent cloudEvent, JsonProperty property)
    {
        var kind = property.Value.ValueKind;
        if (kind == JsonValueKind.Null)
            return;
        if (cloudEvent.GetAttribute(property.Name) is { IsExtension: false } attribute && kind != KindOf(attribute.Type))
            throw Invalid(property);
        cloudEvent.SetAttributeFromString(property.Name, kind switch
        {
            JsonValueKind.String => property.Value.GetString()!,
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => CloudEventAttributeType.Integer.Format(property.Value.GetInt32()),
            _ => throw Invalid(property),
        });
    }

    public static void Write(Utf8JsonWriter writer, CloudEventAttribute attribute, object value)
    {
        if (value is int number)
            writer.WriteNumber(attribute.Name, number);
        else if (value is bool boolean)
            writer.WriteBoolean(attribute.Name, boolean);
        else
            writer.WriteString(attribute.Name, attribute.Format(value));
    }

    // None of the attributes of the specification is a boolean.
    private static JsonValueKind KindOf(CloudEventAttributeType type) =>
        type == CloudEventAttributeType.Integer ? JsonValueKind.Number : JsonValueKind.String;

    private static ArgumentException Invalid(JsonProperty property) =>
        new($"Invalid token type '{property.Value.ValueKind}' for CloudEvent attribute '{property.Name}'");
}
