#nullable disable annotations
namespace Google.Cloud.Firestore;

/// <summary>Writes that happen together or not at all.</summary>
public sealed class WriteBatch
{
    private readonly FirestoreDb database;
    private readonly List<V1.Write> writes = [];

    internal WriteBatch(FirestoreDb database) => this.database = database;

    /// <summary>The commit fails with AlreadyExists where there is such a document.</summary>
    public WriteBatch Create(DocumentReference documentReference, object documentData)
    {
        var (fields, sentinels) = Read(documentReference, documentData);
        if (sentinels.Exists(IsDelete))
            throw new ArgumentException("Delete sentinels cannot appear in Create calls", nameof(documentData));
        return Add(documentReference, fields, mask: null, sentinels, Precondition.MustNotExist);
    }

    /// <param name="documentReference">The document, which need not exist.</param>
    /// <param name="documentData">Its fields.</param>
    /// <param name="options">Whether other fields remain; by default they do not.</param>
    public WriteBatch Set(DocumentReference documentReference, object documentData, SetOptions options = null)
    {
        var (fields, sentinels) = Read(documentReference, documentData);
        var isMerge = options?.Merge == true;
        if (!isMerge && sentinels.Exists(IsDelete))
            throw new ArgumentException("Delete cannot appear in document data when overwriting", nameof(documentData));
        IEnumerable<FieldPath> mask = isMerge ? [.. Leaves(fields, null), .. sentinels.Where(IsDelete).Select(sentinel => sentinel.Path)] : null;
        return Add(documentReference, fields, mask, sentinels.Where(sentinel => !IsDelete(sentinel)), precondition: null);
    }

    /// <param name="documentReference">The document.</param>
    /// <param name="updates">By names with dots between them; other fields remain.</param>
    /// <param name="precondition">None means that the document must exist.</param>
    public WriteBatch Update(DocumentReference documentReference, IDictionary<string, object> updates, Precondition precondition = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        return Update(documentReference, updates.ToDictionary(update => FieldPath.FromDotSeparated(update.Key), update => update.Value), precondition);
    }

    /// <inheritdoc cref="Update(DocumentReference, IDictionary{string, object}, Precondition)"/>
    public WriteBatch Update(DocumentReference documentReference, string field, object value, Precondition precondition = null) =>
        Update(documentReference, new Dictionary<string, object> { [field] = value }, precondition);

    /// <inheritdoc cref="Update(DocumentReference, IDictionary{string, object}, Precondition)"/>
    public WriteBatch Update(DocumentReference documentReference, IDictionary<FieldPath, object> updates, Precondition precondition = null)
    {
        ArgumentNullException.ThrowIfNull(documentReference);
        ArgumentNullException.ThrowIfNull(updates);
        if (updates.Count == 0)
            throw new ArgumentException("Empty set of updates specified", nameof(updates));
        if (precondition?.Exists == false)
            throw new ArgumentException("Cannot specify a must-not-exist precondition for update", nameof(precondition));

        Dictionary<string, object> fields = [];
        List<(FieldPath Path, SentinelValue Value)> sentinels = [];
        foreach (var (path, value) in updates)
        {
            if (updates.Keys.FirstOrDefault(other => other.IsPrefixOf(path) && !other.Equals(path)) is { } prefix)
                throw new ArgumentException($"{prefix} is a prefix of {path}. Prefixes must not be specified in updates.", nameof(updates));
            Normalized.Add(MapFor(path, fields), path.Segments[^1], value, path, sentinels);
        }
        if (sentinels.Exists(sentinel => IsDelete(sentinel) && !updates.ContainsKey(sentinel.Path)))
            throw new ArgumentException("Deletes cannot be nested within update calls", nameof(updates));
        List<(FieldPath Path, SentinelValue Value)> transforms = [.. sentinels.Where(sentinel => !IsDelete(sentinel))];
        return Add(documentReference, fields, updates.Keys.Except(transforms.Select(transform => transform.Path)), transforms, precondition ?? Precondition.MustExist);
    }

    /// <param name="documentReference">The document, which need not exist unless the precondition says so.</param>
    /// <param name="precondition">What must hold.</param>
    public WriteBatch Delete(DocumentReference documentReference, Precondition precondition = null)
    {
        ArgumentNullException.ThrowIfNull(documentReference);
        return Add(new V1.Write { Delete = documentReference.Path, CurrentDocument = precondition?.ToProto() });
    }

    /// <summary>Commits, and gives the result of each write in its order.</summary>
    public Task<IList<WriteResult>> CommitAsync(CancellationToken cancellationToken = default) => database.CommitAsync(writes, cancellationToken);

    private static bool IsDelete((FieldPath Path, SentinelValue Value) sentinel) => sentinel.Value.IsDelete;

    private static (Dictionary<string, object> Fields, List<(FieldPath Path, SentinelValue Value)> Sentinels) Read(DocumentReference document, object data)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(data);
        List<(FieldPath, SentinelValue)> sentinels = [];
        return (Normalized.Fields(data, null, sentinels), sentinels);
    }

    // The map that a path's last name belongs into.
    private static Dictionary<string, object> MapFor(FieldPath path, Dictionary<string, object> fields)
    {
        foreach (var segment in path.Segments.SkipLast(1))
        {
            if (!fields.TryGetValue(segment, out var map))
                fields[segment] = map = new Dictionary<string, object>();
            fields = (Dictionary<string, object>)map;
        }
        return fields;
    }

    private static IEnumerable<FieldPath> Leaves(Dictionary<string, object> fields, FieldPath parent) => fields.SelectMany(field =>
    {
        var path = parent?.Append(field.Key) ?? new FieldPath(field.Key);
        return field.Value is Dictionary<string, object> map ? Leaves(map, path) : [path];
    });

    private WriteBatch Add(
        DocumentReference document,
        Dictionary<string, object> fields,
        IEnumerable<FieldPath> mask,
        IEnumerable<(FieldPath Path, SentinelValue Value)> transforms,
        Precondition precondition) => Add(new V1.Write
        {
            Update = new() { Name = document.Path, Fields = { ProtoValues.Fields(fields) } },
            UpdateMask = mask is null ? null : new() { FieldPaths = { mask.Select(path => path.Encoded) } },
            UpdateTransforms = { transforms.Select(transform => new V1.DocumentTransform.Types.FieldTransform(transform.Value.Transform) { FieldPath = transform.Path.Encoded }) },
            CurrentDocument = precondition?.ToProto(),
        });

    private WriteBatch Add(V1.Write write)
    {
        writes.Add(write);
        return this;
    }
}
