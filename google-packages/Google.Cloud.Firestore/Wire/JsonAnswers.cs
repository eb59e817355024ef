using System.Globalization;
using System.Text.Json;
using Google.Protobuf;

namespace Google.Cloud.Firestore;

/// <summary>Reads documents and values from JSON.</summary>
internal static class JsonAnswers
{
    public static DocumentSnapshot Document(FirestoreDb database, JsonElement document, Timestamp readTime) => new(
        database.ReferenceFromName(document.GetProperty("name").GetString()!),
        document.TryGetProperty("fields", out var fields) ? Fields(database, fields) : [],
        Time(document, "createTime"),
        Time(document, "updateTime"),
        readTime);

    public static Timestamp? Time(JsonElement message, string name) =>
        message.TryGetProperty(name, out var time) ? TimestampText.Read(time.GetString()!) : null;

    public static object? Value(FirestoreDb database, JsonElement value)
    {
        foreach (var one in value.EnumerateObject())
            return one.Name switch
            {
                "nullValue" => null,
                "booleanValue" => one.Value.GetBoolean(),
                "integerValue" => one.Value.ValueKind == JsonValueKind.String ? long.Parse(one.Value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : one.Value.GetInt64(),
                "doubleValue" => one.Value.ValueKind == JsonValueKind.String ? NotFinite(one.Value.GetString()) : one.Value.GetDouble(),
                "timestampValue" => TimestampText.Read(one.Value.GetString()!),
                "stringValue" => one.Value.GetString(),
                "bytesValue" => Blob.FromByteString(UnsafeByteOperations.UnsafeWrap(one.Value.GetBytesFromBase64())),
                "referenceValue" => database.ReferenceFromName(one.Value.GetString()!),
                "arrayValue" => one.Value.TryGetProperty("values", out var values) ? values.EnumerateArray().Select(item => Value(database, item)).ToList() : new List<object?>(),
                "mapValue" => one.Value.TryGetProperty("fields", out var fields) ? Fields(database, fields) : new Dictionary<string, object?>(),
                _ => throw Unknown(one.Name),
            };
        throw Unknown("nothing");
    }

    public static NotSupportedException Unknown(string kind) => new($"The stand-in for Google.Cloud.Firestore does not read values of this kind: {kind}.");

    private static Dictionary<string, object?> Fields(FirestoreDb database, JsonElement fields)
    {
        var result = new Dictionary<string, object?>();
        foreach (var field in fields.EnumerateObject())
            result[field.Name] = Value(database, field.Value);
        return result;
    }

    private static double NotFinite(string? text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text!, CultureInfo.InvariantCulture),
    };
}
