#nullable disable annotations
namespace Google.Cloud.Firestore;

/// <summary>A document as it was at one point in time, or that it did not exist then.</summary>
public sealed class DocumentSnapshot
{
    private readonly IReadOnlyDictionary<string, object> fields;

    internal DocumentSnapshot(DocumentReference reference, IReadOnlyDictionary<string, object> fields, Timestamp? createTime, Timestamp? updateTime, Timestamp readTime) =>
        (Reference, this.fields, CreateTime, UpdateTime, ReadTime) = (reference, fields, createTime, updateTime, readTime);

    public DocumentReference Reference { get; }

    public FirestoreDb Database => Reference.Database;

    public string Id => Reference.Id;

    public bool Exists => fields is not null;

    /// <summary>Null where there is no document.</summary>
    public Timestamp? CreateTime { get; }

    /// <summary>Null where there is no document.</summary>
    public Timestamp? UpdateTime { get; }

    public Timestamp ReadTime { get; }

    internal static DocumentSnapshot Missing(DocumentReference reference, Timestamp readTime) => new(reference, null, null, null, readTime);

    internal static DocumentSnapshot Of(FirestoreDb database, V1.Document document, Timestamp readTime) => new(
        database.ReferenceFromName(document.Name),
        ProtoValues.Read(database, document.Fields),
        document.CreateTime is { } created ? Timestamp.FromProto(created) : null,
        document.UpdateTime is { } updated ? Timestamp.FromProto(updated) : null,
        readTime);

    internal DocumentSnapshot At(Timestamp readTime) => new(Reference, fields, CreateTime, UpdateTime, readTime);

    /// <param name="path">A field's name, or names with dots between them.</param>
    public bool ContainsField(string path) => ContainsField(FieldPath.FromDotSeparated(path));

    public bool ContainsField(FieldPath path) => TryFind(path, out _);

    /// <summary>Fails where there is no such field, or its value is of another kind.</summary>
    public T GetValue<T>(string path) => GetValue<T>(FieldPath.FromDotSeparated(path));

    /// <inheritdoc cref="GetValue{T}(string)"/>
    public T GetValue<T>(FieldPath path) =>
        TryFind(path, out var value) ? Converted.To<T>(value) : throw new InvalidOperationException($"Field {path} not found in document");

    /// <summary>False where there is no such field; fails where its value is of another kind.</summary>
    public bool TryGetValue<T>(string path, out T value) => TryGetValue(FieldPath.FromDotSeparated(path), out value);

    /// <inheritdoc cref="TryGetValue{T}(string, out T)"/>
    public bool TryGetValue<T>(FieldPath path, out T value)
    {
        var found = TryFind(path, out var raw);
        value = found ? Converted.To<T>(raw) : default;
        return found;
    }

    /// <summary>A copy of all fields; null where there is no document.</summary>
    public Dictionary<string, object> ToDictionary() => Exists ? Converted.Copy(fields) : null;

    internal bool TryFind(FieldPath path, out object value)
    {
        ArgumentNullException.ThrowIfNull(path);
        value = null;
        var map = fields;
        foreach (var segment in path.Segments)
        {
            if (map is null || !map.TryGetValue(segment, out value))
                return false;
            map = value as Dictionary<string, object>;
        }
        return true;
    }
}
