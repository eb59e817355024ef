using Google.Protobuf;

namespace Google.Cloud.Firestore;

/// <summary>Reads documents and values from their binary form.</summary>
internal static class ProtoAnswers
{
    public static DocumentSnapshot Document(FirestoreDb database, ProtoReader document)
    {
        var name = "";
        var fields = new Dictionary<string, object?>();
        Timestamp? created = null, updated = null;
        while (document.Next())
        {
            switch (document.Field)
            {
                case 1: name = document.String; break;
                case 2: AddField(database, document.Message, fields); break;
                case 3: created = document.Time; break;
                case 4: updated = document.Time; break;
            }
        }
        // When it was read is known to the snapshot that it becomes part of.
        return new(database.ReferenceFromName(name), fields, created, updated, default);
    }

    private static void AddField(FirestoreDb database, ProtoReader entry, Dictionary<string, object?> fields)
    {
        var key = "";
        object? value = null;
        while (entry.Next())
        {
            if (entry.Field == 1)
                key = entry.String;
            else if (entry.Field == 2)
                value = Value(database, entry.Message);
        }
        fields[key] = value;
    }

    private static object? Value(FirestoreDb database, ProtoReader value)
    {
        if (!value.Next())
            throw JsonAnswers.Unknown("nothing");
        return value.Field switch
        {
            11 => null,
            1 => value.Bool,
            2 => value.Int64,
            3 => value.Double,
            10 => value.Time,
            17 => value.String,
            18 => Blob.FromByteString(ByteString.CopyFrom(value.Bytes)),
            5 => database.ReferenceFromName(value.String),
            9 => List(database, value.Message),
            6 => Map(database, value.Message),
            _ => throw JsonAnswers.Unknown($"field {value.Field}"),
        };
    }

    private static List<object?> List(FirestoreDb database, ProtoReader array)
    {
        var list = new List<object?>();
        while (array.Next())
            list.Add(Value(database, array.Message));
        return list;
    }

    private static Dictionary<string, object?> Map(FirestoreDb database, ProtoReader map)
    {
        var fields = new Dictionary<string, object?>();
        while (map.Next())
            AddField(database, map.Message, fields);
        return fields;
    }
}
