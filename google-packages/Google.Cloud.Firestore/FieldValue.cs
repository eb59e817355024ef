#nullable disable annotations
using static Google.Cloud.Firestore.V1.DocumentTransform.Types;

namespace Google.Cloud.Firestore;

/// <summary>Values that the server computes.</summary>
public static class FieldValue
{
    /// <summary>Removes the field; in updates and merges only.</summary>
    public static object Delete { get; } = new SentinelValue(Transform: null);

    /// <summary>The time of the commit.</summary>
    public static object ServerTimestamp { get; } = new SentinelValue(new FieldTransform { SetToServerValue = FieldTransform.Types.ServerValue.RequestTime });

    public static object Increment(long value) => new SentinelValue(new FieldTransform { Increment = new() { IntegerValue = value } });

    public static object Increment(double value) => new SentinelValue(new FieldTransform { Increment = new() { DoubleValue = value } });

    /// <summary>Adds the values that an array does not contain yet.</summary>
    public static object ArrayUnion(params object[] values) => new SentinelValue(new FieldTransform { AppendMissingElements = ProtoValues.Array(values) });

    /// <inheritdoc cref="ArrayUnion(object[])"/>
    /// <param name="database">Whose converters are used; the stand-in has none.</param>
    /// <param name="values">The values.</param>
    public static object ArrayUnion(FirestoreDb database, params object[] values) => ArrayUnion(values);

    /// <summary>Removes the values from an array.</summary>
    public static object ArrayRemove(params object[] values) => new SentinelValue(new FieldTransform { RemoveAllFromArray = ProtoValues.Array(values) });

    /// <inheritdoc cref="ArrayRemove(object[])"/>
    /// <param name="database">Whose converters are used; the stand-in has none.</param>
    /// <param name="values">The values.</param>
    public static object ArrayRemove(FirestoreDb database, params object[] values) => ArrayRemove(values);
}
