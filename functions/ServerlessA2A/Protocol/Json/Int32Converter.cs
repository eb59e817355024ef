using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.Json;

/// <summary>An int32 as ProtoJSON reads it: 5, 5.0, 5e0 and "5" are the same; null is unset.</summary>
internal sealed class Int32Converter : JsonConverter<int>
{
    public override bool HandleNull => true;

    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return 0;
            case JsonTokenType.Number when reader.TryGetInt32(out var value):
                return value;
            case JsonTokenType.Number when reader.TryGetDouble(out var number):
                return ToInteger(number);
            case JsonTokenType.String when double.TryParse(reader.GetString(), Styles, CultureInfo.InvariantCulture, out var number):
                return ToInteger(number);
            default:
                throw NotAnInteger();
        }
    }

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static int ToInteger(double number) =>
        number is >= int.MinValue and <= int.MaxValue && Math.Floor(number) == number ? (int)number : throw NotAnInteger();

    private static FieldException NotAnInteger() => new("must be a 32-bit integer");
}
