#nullable disable annotations
namespace Google.Cloud.Firestore;

/// <summary>What stands in the place of a value and has the server do something.</summary>
public static class FieldValue
{
    /// <summary>Removes the field; in updates and merges only.</summary>
    public static object Delete => SentinelValue.Delete;

    /// <summary>The time of the commit.</summary>
    public static object ServerTimestamp => SentinelValue.ServerTimestamp;

    public static object Increment(long value) => new SentinelValue(SentinelKind.Increment, value);

    public static object Increment(double value) => new SentinelValue(SentinelKind.Increment, value);

    /// <summary>Adds to an array what it does not contain yet.</summary>
    public static object ArrayUnion(params object[] values) => new SentinelValue(SentinelKind.ArrayUnion, Normalized.Value(values));

    /// <inheritdoc cref="ArrayUnion(object[])"/>
    /// <param name="database">Whose converters count; the stand-in has none.</param>
    /// <param name="values">The values.</param>
    public static object ArrayUnion(FirestoreDb database, params object[] values) => ArrayUnion(values);

    /// <summary>Removes from an array whatever equals one of the values.</summary>
    public static object ArrayRemove(params object[] values) => new SentinelValue(SentinelKind.ArrayRemove, Normalized.Value(values));

    /// <inheritdoc cref="ArrayRemove(object[])"/>
    /// <param name="database">Whose converters count; the stand-in has none.</param>
    /// <param name="values">The values.</param>
    public static object ArrayRemove(FirestoreDb database, params object[] values) => ArrayRemove(values);
}
