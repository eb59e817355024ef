#nullable disable annotations
namespace Google.Cloud.Firestore;

/// <summary>A collection, and the query for all of it.</summary>
public sealed class CollectionReference : Query
{
    internal CollectionReference(FirestoreDb database, DocumentReference parent, string id)
        : base(database, new QueryShape(parent?.Path ?? database.DocumentsPath, id, AllDescendants: false))
    {
        (Parent, Id) = (parent, id);
        Path = $"{parent?.Path ?? database.DocumentsPath}/{id}";
    }

    public string Id { get; }

    /// <summary>Complete, with project and database.</summary>
    public string Path { get; }

    /// <summary>The document that the collection is below; null for one at the root.</summary>
    public DocumentReference Parent { get; }

    /// <summary>A document with a new, random id.</summary>
    public DocumentReference Document() => Document(ResourcePath.NewId());

    /// <param name="path">An id, or an odd number of ids with slashes between them.</param>
    public DocumentReference Document(string path) => ResourcePath.Document(Database, this, path);

    /// <summary>Creates a document with a new, random id.</summary>
    public async Task<DocumentReference> AddAsync(object documentData, CancellationToken cancellationToken = default)
    {
        var document = Document();
        await document.CreateAsync(documentData, cancellationToken);
        return document;
    }

    public override string ToString() => Path;
}
