using System.Collections;
using Google.Protobuf;
using Wkt = Google.Protobuf.WellKnownTypes;

namespace Google.Cloud.Firestore;

/// <summary>
/// Values as the rest of this project has them: null, bool, long, double, string, Timestamp, Blob, DocumentReference,
/// List&lt;object?&gt; and Dictionary&lt;string, object?&gt;. Also what a snapshot gives to those who ask for an object.
/// </summary>
internal static class Normalized
{
    /// <summary>The value that a caller meant.</summary>
    public static object? Value(object? value) => value switch
    {
        null or bool or long or double or string or Timestamp or Blob or DocumentReference => value,
        int or short or sbyte or byte or uint or ushort => Convert.ToInt64(value, null),
        ulong big => checked((long)big),
        float single => (double)single,
        DateTime time => Timestamp.FromDateTime(time),
        DateTimeOffset time => Timestamp.FromDateTimeOffset(time),
        Wkt.Timestamp time => Timestamp.FromProto(time),
        byte[] bytes => Blob.CopyFrom(bytes),
        ByteString bytes => Blob.FromByteString(bytes),
        SentinelValue => throw new ArgumentException("A value of FieldValue stands for a whole field: it must not appear in an array, a filter or a cursor."),
        _ when Entries(value) is { } entries => entries.ToDictionary(entry => entry.Key, entry => Value(entry.Value)),
        IEnumerable items => items.Cast<object?>().Select(Value).ToList(),
        _ => throw Unknown(value),
    };

    /// <summary>
    /// The fields of a document or of a map within one, without those that the server is to work out; these are added
    /// to <paramref name="sentinels"/>. A map of which nothing remains is left out.
    /// </summary>
    public static Dictionary<string, object?> Fields(object data, FieldPath? parent, List<(FieldPath Path, SentinelValue Value)> sentinels)
    {
        var fields = new Dictionary<string, object?>();
        foreach (var (name, value) in Entries(data) ?? throw Unknown(data))
            Add(fields, name, value, parent?.Append(name) ?? new FieldPath(name), sentinels);
        return fields;
    }

    public static void Add(Dictionary<string, object?> fields, string name, object? value, FieldPath path, List<(FieldPath Path, SentinelValue Value)> sentinels)
    {
        if (value is SentinelValue sentinel)
        {
            sentinels.Add((path, sentinel));
        }
        else if (Entries(value) is not null)
        {
            var before = sentinels.Count;
            var map = Fields(value!, path, sentinels);
            if (map.Count > 0 || sentinels.Count == before)
                fields[name] = map;
        }
        else
        {
            fields[name] = Value(value);
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>>? Entries(object? value) => value switch
    {
        IEnumerable<KeyValuePair<string, object?>> entries => entries,
        IDictionary dictionary when dictionary.GetType().GetGenericArguments() is [var key, _] && key == typeof(string) => Entries(dictionary),
        _ => null,
    };

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
            yield return KeyValuePair.Create((string)entry.Key, entry.Value);
    }

    private static ArgumentException Unknown(object value) =>
        new($"The stand-in for Google.Cloud.Firestore stores dictionaries, lists and simple values, no {value.GetType()}.");
}
