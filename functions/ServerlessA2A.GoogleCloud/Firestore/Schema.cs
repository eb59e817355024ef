using Google.Cloud.Firestore;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>The version of the documents' format, which each document contains.</summary>
internal static class Schema
{
    public const string Field = "v";

    /// <summary>
    /// The version that is written. Raise it when an older version of this program would misread documents of a newer one.
    /// </summary>
    public const long Version = 1;

    /// <summary>Whether a document has the version that this program reads.</summary>
    public static bool IsOurs(DocumentSnapshot document) => VersionOf(document) is long version && version == Version;

    /// <exception cref="TaskStoreException">The document has another version; it is rejected instead of misread.</exception>
    public static void Check(DocumentSnapshot document)
    {
        if (IsOurs(document))
            return;
        var found = VersionOf(document);
        throw new TaskStoreException(
            $"Firestore document {document.Reference.Path} has the schema version {found ?? "none"}, but this program reads {Version}: "
            + (found is > Version ? "a newer version wrote it; deploy that version everywhere." : "it was not written by this program."),
            isTransient: false);
    }

    /// <summary>Reads a document that may be damaged, or of another version.</summary>
    /// <exception cref="TaskStoreException">The document is unreadable; the failure is permanent.</exception>
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

    /// <summary>Whether an exception means that a document contains something that this program does not write.</summary>
    private static bool IsDamage(Exception exception) =>
        exception is not (TaskStoreException or OperationCanceledException or OutOfMemoryException);

    private static TaskStoreException Damaged(DocumentSnapshot document, Exception cause) =>
        new($"Firestore document {document.Reference.Path} cannot be read: {cause.Message}", isTransient: false, cause);
}
