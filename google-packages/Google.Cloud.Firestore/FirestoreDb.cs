using System.Collections.Concurrent;
using Google.Api.Gax.Grpc;
using Grpc.Core;
using Grpc.Net.Client.Configuration;

namespace Google.Cloud.Firestore;

/// <summary>A database. Creating one does not connect.</summary>
public sealed class FirestoreDb
{
    // As Google's client does. A commit is retried although it may have taken effect: a create then fails with AlreadyExists because of itself.
    internal static readonly MethodConfig[] Retried =
    [
        Retries.Of("google.firestore.v1.Firestore", [StatusCode.Unavailable, StatusCode.ResourceExhausted], "Commit"),
        Retries.Of("google.firestore.v1.Firestore", [StatusCode.Unavailable, StatusCode.Internal, StatusCode.DeadlineExceeded], "BatchGetDocuments"),
    ];

    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(300);

    private readonly Metadata headers;

    internal FirestoreDb(string projectId, string databaseId, CallInvoker invoker, bool isEmulator)
    {
        (ProjectId, DatabaseId, Client, IsEmulator) = (projectId, databaseId, new(invoker), isEmulator);
        RootPath = $"projects/{projectId}/databases/{databaseId}";
        DocumentsPath = $"{RootPath}/documents";
        headers = new() { { "google-cloud-resource-prefix", RootPath } };
        if (isEmulator)
            headers.Add("authorization", "Bearer owner");
    }

    public string ProjectId { get; }

    public string DatabaseId { get; }

    internal V1.Firestore.FirestoreClient Client { get; }

    internal bool IsEmulator { get; }

    internal string RootPath { get; }

    /// <summary>On the emulator: streams without a target, reused by the next listeners.</summary>
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
        var request = new V1.BatchGetDocumentsRequest
        {
            Database = RootPath,
            Documents = { references.Select(reference => reference.Path).Distinct() },
            Mask = fieldMask is null ? null : new() { FieldPaths = { fieldMask.Paths } },
        };
        using var call = Client.BatchGetDocuments(request, ReadOptions(cancellationToken));
        var found = new Dictionary<string, DocumentSnapshot>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(CancellationToken.None))
        {
            if (response.ResultCase != V1.BatchGetDocumentsResponse.ResultOneofCase.None)
                found.Add(response.Found?.Name ?? response.Missing, Snapshot(response));
        }
        return [.. references.Select(reference => found[reference.Path])];
    }

    internal CallOptions ListenOptions() => new(headers);

    internal CallOptions ReadOptions(CancellationToken cancellationToken) => new(headers, DateTime.UtcNow + ReadTimeout, cancellationToken);

    internal async Task<IList<WriteResult>> CommitAsync(IReadOnlyList<V1.Write> writes, CancellationToken cancellationToken)
    {
        var request = new V1.CommitRequest { Database = RootPath, Writes = { writes } };
        var response = await Client.CommitAsync(request, new(headers, DateTime.UtcNow + CommitTimeout, cancellationToken));
        // A write that changed nothing may come without a time.
        return [.. response.WriteResults.Select(result => new WriteResult(Timestamp.FromProto(result.UpdateTime ?? response.CommitTime)))];
    }

    internal DocumentReference ReferenceFromName(string name) =>
        name.StartsWith(DocumentsPath, StringComparison.Ordinal) && name.Length > DocumentsPath.Length && name[DocumentsPath.Length] == '/'
            ? Document(name[(DocumentsPath.Length + 1)..])
            : throw new ArgumentException($"Reference {name} is not part of database {RootPath}", nameof(name));

    private DocumentSnapshot Snapshot(V1.BatchGetDocumentsResponse response)
    {
        var readTime = Timestamp.FromProto(response.ReadTime);
        return response.Found is { } document
            ? DocumentSnapshot.Of(this, document, readTime)
            : DocumentSnapshot.Missing(ReferenceFromName(response.Missing), readTime);
    }
}
