using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Grpc.Messages;

/// <summary>
/// The JSON of <c>data</c> and <c>metadata</c> as google.protobuf.Value and Struct. Their numbers are doubles: whole numbers above 2^53
/// lose digits.
/// </summary>
internal static class FreeJson
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = int.MaxValue };

    /// <summary>Reads an object; null for none.</summary>
    /// <param name="field">The path to the field, for the error.</param>
    /// <param name="value">The object.</param>
    /// <exception cref="A2AException">InvalidParams for a value without a kind, and for a number that JSON does not have.</exception>
    public static JsonElement? Read(string field, Struct? value) =>
        value is null ? null : Read(field, writer => Write(writer, value, field));

    /// <inheritdoc cref="Read(string, Struct?)"/>
    public static JsonElement Read(string field, Value value) => Read(field, writer => Write(writer, value, field));

    /// <summary>The struct of a JSON object; null for none.</summary>
    public static Struct? ToStruct(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Object } element)
            return null;
        var result = new Struct();
        foreach (var member in element.EnumerateObject())
            result.Fields[NameOf(member)] = ToValue(member.Value);
        return result;
    }

    /// <summary>The value of any JSON.</summary>
    public static Value ToValue(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                return new Value { StructValue = ToStruct(json) };
            case JsonValueKind.Array:
                var list = new ListValue();
                foreach (var item in json.EnumerateArray())
                    list.Values.Add(ToValue(item));
                return new Value { ListValue = list };
            case JsonValueKind.String:
                return Value.ForString(TextOf(json));
            case JsonValueKind.Number:
                // A number beyond the doubles would become infinite, which readers cannot write as JSON.
                return Value.ForNumber(Math.Clamp(json.GetDouble(), double.MinValue, double.MaxValue));
            case JsonValueKind.True or JsonValueKind.False:
                return Value.ForBool(json.GetBoolean());
            default:
                return Value.ForNull();
        }
    }

    private static JsonElement Read(string field, Action<Utf8JsonWriter> write)
    {
        try
        {
            return JsonElement.Parse(ProtocolJson.Bytes(write).Span, Deep);
        }
        catch (ArgumentException fault)
        {
            throw A2AException.InvalidParams(field, "contains text that is not valid Unicode", fault);
        }
    }

    private static void Write(Utf8JsonWriter writer, Struct value, string field)
    {
        writer.WriteStartObject();
        foreach (var (name, member) in value.Fields)
        {
            writer.WritePropertyName(name);
            Write(writer, member, field);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Value value, string field)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.NullValue:
                writer.WriteNullValue();
                break;
            case Value.KindOneofCase.NumberValue when double.IsFinite(value.NumberValue):
                writer.WriteNumberValue(value.NumberValue);
                break;
            case Value.KindOneofCase.NumberValue:
                throw A2AException.InvalidParams(field, "contains a number that JSON does not have: NaN or infinite");
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case Value.KindOneofCase.StructValue:
                Write(writer, value.StructValue, field);
                break;
            case Value.KindOneofCase.ListValue:
                writer.WriteStartArray();
                foreach (var item in value.ListValue.Values)
                    Write(writer, item, field);
                writer.WriteEndArray();
                break;
            default:
                throw A2AException.InvalidParams(field, "contains a google.protobuf.Value without a kind");
        }
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return $"{member}"[1..].Split("\":")[0];
        }
    }

    /// <summary>Half of a surrogate pair, which JSON can escape and Protocol Buffers cannot have, stays escaped.</summary>
    private static string TextOf(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return json.GetRawText()[1..^1];
        }
    }
}
