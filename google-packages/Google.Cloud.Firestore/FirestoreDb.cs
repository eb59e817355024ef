using System.Collections.Concurrent;
using System.Text.Json;
using Google.Api.Gax.Grpc.Transport;
using Grpc.Core;

namespace Google.Cloud.Firestore;

/// <summary>A database. Making one costs nothing and connects to nothing.</summary>
public sealed class FirestoreDb
{
    // What Google's client does by default. A commit is tried again as well, although it may have taken effect: a create
    // then fails with AlreadyExists because of itself.
    private static readonly RetryPolicy CommitRetries = new(5, StatusCode.Unavailable, StatusCode.ResourceExhausted);
    private static readonly RetryPolicy ReadRetries = new(5, StatusCode.Unavailable, StatusCode.Internal, StatusCode.DeadlineExceeded);
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(300);

    internal FirestoreDb(string projectId, string databaseId, ServiceConnection connection)
    {
        (ProjectId, DatabaseId, Connection) = (projectId, databaseId, connection);
        RootPath = $"projects/{projectId}/databases/{databaseId}";
        DocumentsPath = $"{RootPath}/documents";
    }

    public string ProjectId { get; }

    public string DatabaseId { get; }

    internal ServiceConnection Connection { get; }

    internal string RootPath { get; }

    /// <summary>On the emulator: streams without a target, for the next listeners.</summary>
    internal ConcurrentBag<ListenStream> IdleStreams { get; } = [];

    internal string DocumentsPath { get; }

    /// <param name="path">Relative to the database: an odd number of ids with slashes between them.</param>
    public CollectionReference Collection(string path) => ResourcePath.Collection(this, null, path);

    /// <param name="path">Relative to the database: an even number of ids with slashes between them.</param>
    public DocumentReference Document(string path) => ResourcePath.Document(this, null, path);

    /// <summary>All documents in collections of that id, wherever they are.</summary>
    public Query CollectionGroup(string collectionId) => new(this, new QueryShape(DocumentsPath, ResourcePath.Id(collectionId), AllDescendants: true));

    /// <summary>Writes that happen together or not at all.</summary>
    public WriteBatch StartBatch() => new(this);

    /// <summary>Snapshots of these documents, in their order, all of one point in time; those that do not exist as well.</summary>
    public Task<IList<DocumentSnapshot>> GetAllSnapshotsAsync(IEnumerable<DocumentReference> documents, CancellationToken cancellationToken = default) =>
        GetAllSnapshotsAsync(documents, null, cancellationToken);

    /// <inheritdoc cref="GetAllSnapshotsAsync(IEnumerable{DocumentReference}, CancellationToken)"/>
    /// <param name="documents">The documents.</param>
    /// <param name="fieldMask">The fields that are read; all where it is null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IList<DocumentSnapshot>> GetAllSnapshotsAsync(
        IEnumerable<DocumentReference> documents, FieldMask? fieldMask, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        DocumentReference[] references = [.. documents];
        var names = references.Select(reference => reference.Path).Distinct();
        var body = JsonMessageWriter.Write((names, fieldMask), static (writer, request) =>
        {
            writer.Strings("documents", 2, request.names);
            if (request.fieldMask is { } mask)
                writer.Message("mask", 3, mask, static (writer, mask) => writer.Strings("fieldPaths", 1, mask.Paths));
        });
        using var answer = await PostAsync($"{DocumentsPath}:batchGet", body, ReadTimeout, ReadRetries, cancellationToken);
        var found = answer.RootElement.EnumerateArray().Where(result => result.TryGetProperty("found", out _) || result.TryGetProperty("missing", out _))
            .Select(Snapshot).ToDictionary(snapshot => snapshot.Reference.Path);
        return [.. references.Select(reference => found[reference.Path])];
    }

    internal async Task<IList<WriteResult>> CommitAsync(IReadOnlyList<Write> writes, CancellationToken cancellationToken)
    {
        var body = JsonMessageWriter.Write(writes, Messages.Commit);
        using var answer = await PostAsync($"{DocumentsPath}:commit", body, CommitTimeout, CommitRetries, cancellationToken);
        // A write that changed nothing may come without a time; a commit of nothing comes without either.
        var committed = JsonAnswers.Time(answer.RootElement, "commitTime").GetValueOrDefault();
        return answer.RootElement.TryGetProperty("writeResults", out var results)
            ? [.. results.EnumerateArray().Select(result => new WriteResult(JsonAnswers.Time(result, "updateTime") ?? committed))]
            : [];
    }

    internal Task<JsonDocument> QueryAsync(string parent, string method, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        PostAsync($"{parent}:{method}", body, ReadTimeout, RetryPolicy.None, cancellationToken);

    internal DocumentReference ReferenceFromName(string name) =>
        name.StartsWith(DocumentsPath, StringComparison.Ordinal) && name.Length > DocumentsPath.Length && name[DocumentsPath.Length] == '/'
            ? Document(name[(DocumentsPath.Length + 1)..])
            : throw new ArgumentException($"Reference {name} is not part of database {RootPath}", nameof(name));

    private DocumentSnapshot Snapshot(JsonElement result)
    {
        var readTime = JsonAnswers.Time(result, "readTime")!.Value;
        return result.TryGetProperty("found", out var document)
            ? JsonAnswers.Document(this, document, readTime)
            : DocumentSnapshot.Missing(ReferenceFromName(result.GetProperty("missing").GetString()!), readTime);
    }

    private Task<JsonDocument> PostAsync(string path, ReadOnlyMemory<byte> body, TimeSpan timeout, RetryPolicy retries, CancellationToken cancellationToken) =>
        // An id may be anything but a slash.
        retries.RunAsync(() => Connection.CallAsync(HttpMethod.Post, $"/v1/{ResourcePath.Escape(path)}", body, timeout, cancellationToken), cancellationToken);
}
