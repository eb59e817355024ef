using System.Security.Cryptography;

namespace Google.Cloud.Firestore;

/// <summary>Paths of documents and collections: ids with slashes between them.</summary>
internal static class ResourcePath
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public static CollectionReference Collection(FirestoreDb database, DocumentReference? parent, string path)
    {
        var ids = Split(path);
        if (ids.Length % 2 == 0)
            throw new ArgumentException("Path must have an odd number of elements", nameof(path));
        return new(database, ids.Length == 1 ? parent : Document(database, parent, ids.AsSpan(0, ids.Length - 1)), ids[^1]);
    }

    public static DocumentReference Document(FirestoreDb database, CollectionReference? parent, string path)
    {
        var ids = Split(path);
        if (parent is null)
            return ids.Length % 2 == 0 ? Document(database, null, ids) : throw new ArgumentException("Path must have an even number of elements", nameof(path));
        if (ids.Length % 2 == 0)
            throw new ArgumentException("Path must have an odd number of elements", nameof(path));
        var first = new DocumentReference(database, parent, ids[0]);
        return ids.Length == 1 ? first : Document(database, first, ids.AsSpan(1));
    }

    public static string Id(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return id.Contains('/', StringComparison.Ordinal) ? throw new ArgumentException("ID cannot contain a '/' character.", nameof(id)) : id;
    }

    public static string NewId() => RandomNumberGenerator.GetString(Letters, 20);

    /// <summary>Segment by segment, as the service orders names.</summary>
    public static int Compare(string left, string right)
    {
        var (a, b) = (left.Split('/'), right.Split('/'));
        var different = a.Zip(b, string.CompareOrdinal).FirstOrDefault(result => result != 0);
        return different != 0 ? different : a.Length.CompareTo(b.Length);
    }

    private static DocumentReference Document(FirestoreDb database, DocumentReference? document, ReadOnlySpan<string> ids)
    {
        for (var i = 0; i < ids.Length; i += 2)
            document = new(database, new CollectionReference(database, document, ids[i]), ids[i + 1]);
        return document!;
    }

    private static string[] Split(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var ids = path.Split('/');
        return ids.Contains("") ? throw new ArgumentException("Path cannot contain empty elements", nameof(path)) : ids;
    }
}
