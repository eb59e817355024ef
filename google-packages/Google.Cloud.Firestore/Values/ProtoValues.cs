using Google.Cloud.Firestore.V1;
using NullValue = Google.Protobuf.WellKnownTypes.NullValue;
using Value = Google.Cloud.Firestore.V1.Value;

namespace Google.Cloud.Firestore;

/// <summary>Normalized values as messages, and back.</summary>
internal static class ProtoValues
{
    public static Value Of(object? value) => value switch
    {
        null => new() { NullValue = NullValue.NullValue },
        bool flag => new() { BooleanValue = flag },
        long number => new() { IntegerValue = number },
        double number => new() { DoubleValue = number },
        Timestamp time => new() { TimestampValue = time.ToProto() },
        string text => new() { StringValue = text },
        Blob blob => new() { BytesValue = blob.ByteString },
        DocumentReference reference => new() { ReferenceValue = reference.Path },
        List<object?> list => new() { ArrayValue = new() { Values = { list.Select(Of) } } },
        Dictionary<string, object?> map => new() { MapValue = new() { Fields = { Fields(map) } } },
        _ => throw new ArgumentException($"Not a normalized value: {value.GetType()}", nameof(value)),
    };

    public static Dictionary<string, Value> Fields(IReadOnlyDictionary<string, object?> fields) => fields.ToDictionary(field => field.Key, field => Of(field.Value));

    public static ArrayValue Array(object[] values) => Of(Normalized.Value(values)).ArrayValue;

    public static Dictionary<string, object?> Read(FirestoreDb database, IDictionary<string, Value> fields) =>
        fields.ToDictionary(field => field.Key, field => Read(database, field.Value));

    private static object? Read(FirestoreDb database, Value value) => value.ValueTypeCase switch
    {
        Value.ValueTypeOneofCase.NullValue => null,
        Value.ValueTypeOneofCase.BooleanValue => value.BooleanValue,
        Value.ValueTypeOneofCase.IntegerValue => value.IntegerValue,
        Value.ValueTypeOneofCase.DoubleValue => value.DoubleValue,
        Value.ValueTypeOneofCase.TimestampValue => Timestamp.FromProto(value.TimestampValue),
        Value.ValueTypeOneofCase.StringValue => value.StringValue,
        Value.ValueTypeOneofCase.BytesValue => Blob.FromByteString(value.BytesValue),
        Value.ValueTypeOneofCase.ReferenceValue => database.ReferenceFromName(value.ReferenceValue),
        Value.ValueTypeOneofCase.ArrayValue => value.ArrayValue.Values.Select(item => Read(database, item)).ToList(),
        Value.ValueTypeOneofCase.MapValue => Read(database, value.MapValue.Fields),
        _ => throw new NotSupportedException("The stand-in for Google.Cloud.Firestore does not read values of this kind."),
    };
}
