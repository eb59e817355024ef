using Google.Cloud.Firestore;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>The version of the documents' form, which stands in each of them.</summary>
internal static class Schema
{
    public const string Field = "v";

    /// <summary>The one that is written. Raised when an older version of this program would misread what a newer one writes.</summary>
    public const long Version = 1;

    /// <summary>Whether the document is of the version that this program reads.</summary>
    public static bool IsOurs(DocumentSnapshot document) => VersionOf(document) is long version && version == Version;

    /// <exception cref="TaskStoreException">The document is of another version: it is refused rather than misread.</exception>
    public static void Check(DocumentSnapshot document)
    {
        if (IsOurs(document))
            return;
        var found = VersionOf(document);
        throw new TaskStoreException(
            $"Firestore document {document.Reference.Path} has the schema version {found ?? "none"}, this program reads {Version}: "
            + (found is > Version ? "it was written by a newer one, deploy that everywhere." : "it was not written by this program."),
            isTransient: false);
    }

    /// <summary>Reads a document that may be damaged, or of another version.</summary>
    /// <exception cref="TaskStoreException">It can't be read, for good.</exception>
    public static T Read<T>(DocumentSnapshot document, Func<T> read)
    {
        Check(document);
        try
        {
            return read();
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw Damaged(document, damage);
        }
    }

    /// <inheritdoc cref="Read"/>
    public static async Task<T> ReadAsync<T>(DocumentSnapshot document, Task<T> reading)
    {
        Check(document);
        try
        {
            return await reading;
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw Damaged(document, damage);
        }
    }

    private static object? VersionOf(DocumentSnapshot document) => document.TryGetValue<object>(Field, out var value) ? value : null;

    /// <summary>What reading a document throws that holds something else than this program writes.</summary>
    private static bool IsDamage(Exception exception) => exception is not (TaskStoreException or OperationCanceledException or OutOfMemoryException);

    private static TaskStoreException Damaged(DocumentSnapshot document, Exception cause) =>
        new($"Firestore document {document.Reference.Path} can't be read: {cause.Message}", isTransient: false, cause);
}
