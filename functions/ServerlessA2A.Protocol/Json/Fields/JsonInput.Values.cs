using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <content>The values of fields in ProtoJSON.</content>
internal ref partial struct JsonInput
{
    private const NumberStyles IntegerStyles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>A string.</summary>
    public readonly string? Text() => _reader.TokenType is JsonTokenType.String or JsonTokenType.Null
        ? _reader.GetString()
        : throw new FieldException("must be a string");

    /// <summary>A string without presence: "" equals unset, as in proto3.</summary>
    public readonly string? TextUnlessEmpty() => Text() is { Length: > 0 } text ? text : null;

    /// <summary>A bool.</summary>
    public readonly bool? Flag() => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw new FieldException("must be true or false"),
    };

    /// <summary>An int32: 5, 5.0, 5e0 and "5" are equal.</summary>
    public readonly int? Integer() => _reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when _reader.TryGetInt32(out var value) => value,
        JsonTokenType.Number when _reader.TryGetDouble(out var number) => ToInteger(number),
        JsonTokenType.String when double.TryParse(Text(), IntegerStyles, CultureInfo.InvariantCulture, out var number) => ToInteger(number),
        _ => throw NotAnInteger(),
    };

    /// <summary>A google.protobuf.Timestamp; see <see cref="ProtoTimestamp"/>.</summary>
    public readonly DateTimeOffset? Timestamp() => _reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String when ProtoTimestamp.TryParse(Text(), out var moment) => moment,
        _ => throw new FieldException("must be an RFC 3339 timestamp, such as 2026-01-31T12:00:00Z"),
    };

    /// <summary>Bytes as base64, in both alphabets, with or without padding.</summary>
    public ReadOnlyMemory<byte>? Bytes() => IsNull ? null : Base64Token.Read(ref _reader);

    /// <summary>The state of a task, by its name or number.</summary>
    public TaskState? State() => IsNull
        ? null
        : EnumToken.Read<TaskState>(ref _reader, TaskStateNames.TryParse, "must be the name of a task state, such as TASK_STATE_WORKING");

    /// <summary>A role, by its name or number.</summary>
    public Role Role() => EnumToken.Read<Role>(ref _reader, RoleNames.TryParse, "must be ROLE_USER or ROLE_AGENT");

    /// <summary>The name or number of an enumeration's value, unchanged: 0.3 has several names for one value.</summary>
    public readonly string? Name() => _reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.Null => _reader.GetString(),
        JsonTokenType.Number => Encoding.UTF8.GetString(_reader.ValueSpan),
        _ => throw new FieldException("must be a name"),
    };

    /// <summary>A google.protobuf.Value: any JSON value including null, unchanged.</summary>
    public JsonElement Value() => JsonElement.ParseValue(ref _reader);

    /// <summary>A google.protobuf.Struct: any JSON object, unchanged.</summary>
    public JsonElement? Struct()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
            return IsNull ? null : throw new FieldException("must be a JSON object");
        var position = Position;
        var value = Value();
        return HasReadableNames(value) ? value : throw new FieldException("has a name that is not valid Unicode", position);
    }

    /// <summary>False for half of a surrogate pair, which parsing does not decode, and on which a look for a name would fail.</summary>
    private static bool HasReadableNames(JsonElement value)
    {
        if (!JsonMarshal.GetRawUtf8Value(value).Contains((byte)'\\')) return true;
        try
        {
            foreach (var property in value.EnumerateObject()) _ = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static int ToInteger(double number) =>
        number is >= int.MinValue and <= int.MaxValue && Math.Floor(number) == number ? (int)number : throw NotAnInteger();

    private static FieldException NotAnInteger() => new("must be a 32-bit integer");
}
