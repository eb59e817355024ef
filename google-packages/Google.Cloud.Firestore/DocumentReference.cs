#nullable disable annotations
namespace Google.Cloud.Firestore;

/// <summary>Where a document is, or could be.</summary>
#pragma warning disable CA1036 // Google's package has no such operators.
public sealed class DocumentReference : IEquatable<DocumentReference>, IComparable<DocumentReference>
#pragma warning restore CA1036
{
    internal DocumentReference(FirestoreDb database, CollectionReference parent, string id)
    {
        (Database, Parent, Id) = (database, parent, id);
        Path = $"{parent.Path}/{id}";
    }

    public FirestoreDb Database { get; }

    public CollectionReference Parent { get; }

    public string Id { get; }

    /// <summary>Complete, with project and database.</summary>
    public string Path { get; }

    /// <param name="path">An id, or an odd number of ids with slashes between them.</param>
    public CollectionReference Collection(string path) => ResourcePath.Collection(Database, this, path);

    /// <summary>Fails with AlreadyExists where there is one.</summary>
    public Task<WriteResult> CreateAsync(object documentData, CancellationToken cancellationToken = default) =>
        CommitAsync(Database.StartBatch().Create(this, documentData), cancellationToken);

    public Task<WriteResult> SetAsync(object documentData, SetOptions options = null, CancellationToken cancellationToken = default) =>
        CommitAsync(Database.StartBatch().Set(this, documentData, options), cancellationToken);

    /// <summary>Fails with NotFound where there is none, with FailedPrecondition where it was written since.</summary>
    public Task<WriteResult> UpdateAsync(IDictionary<string, object> updates, Precondition precondition = null, CancellationToken cancellationToken = default) =>
        CommitAsync(Database.StartBatch().Update(this, updates, precondition), cancellationToken);

    public Task<WriteResult> UpdateAsync(IDictionary<FieldPath, object> updates, Precondition precondition = null, CancellationToken cancellationToken = default) =>
        CommitAsync(Database.StartBatch().Update(this, updates, precondition), cancellationToken);

    public Task<WriteResult> UpdateAsync(string field, object value, Precondition precondition = null, CancellationToken cancellationToken = default) =>
        CommitAsync(Database.StartBatch().Update(this, field, value, precondition), cancellationToken);

    public Task<WriteResult> DeleteAsync(Precondition precondition = null, CancellationToken cancellationToken = default) =>
        CommitAsync(Database.StartBatch().Delete(this, precondition), cancellationToken);

    /// <summary>The document as it is; one that does not exist has a snapshot as well.</summary>
    public async Task<DocumentSnapshot> GetSnapshotAsync(CancellationToken cancellationToken = default) =>
        (await Database.GetAllSnapshotsAsync([this], cancellationToken))[0];

    /// <summary>Calls back with the document as it is, and each time it changes.</summary>
    public FirestoreChangeListener Listen(Func<DocumentSnapshot, CancellationToken, Task> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return FirestoreChangeListener.Start(Parent, new V1.Target { Documents = new() { Documents = { Path } } }, ReadAsync, OnSnapshotAsync, cancellationToken);

        async Task<IReadOnlyList<DocumentSnapshot>> ReadAsync(CancellationToken stopped) =>
            await GetSnapshotAsync(stopped) is { Exists: true } found ? [found] : [];

        Task OnSnapshotAsync(QuerySnapshot snapshot, CancellationToken token) =>
            callback(snapshot.Count > 0 ? snapshot[0] : DocumentSnapshot.Missing(this, snapshot.ReadTime), token);
    }

    /// <inheritdoc cref="Listen(Func{DocumentSnapshot, CancellationToken, Task}, CancellationToken)"/>
    public FirestoreChangeListener Listen(Action<DocumentSnapshot> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Listen((snapshot, _) => { callback(snapshot); return Task.CompletedTask; }, cancellationToken);
    }

    public int CompareTo(DocumentReference other) => other is null ? 1 : ResourcePath.Compare(Path, other.Path);

    public bool Equals(DocumentReference other) => Path == other?.Path;

    public override bool Equals(object obj) => Equals(obj as DocumentReference);

    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Path;

    private static async Task<WriteResult> CommitAsync(WriteBatch batch, CancellationToken cancellationToken) => (await batch.CommitAsync(cancellationToken))[0];
}
