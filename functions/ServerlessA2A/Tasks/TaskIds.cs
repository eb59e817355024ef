using System.Text;

namespace ServerlessA2A.Tasks;

/// <summary>Ids of tasks. The engine creates them (<see cref="IdSource"/>), but a client may ask for any.</summary>
internal static class TaskIds
{
    private const int MaxBytes = 1500;

    /// <summary>
    /// Whether a task can have this id: one segment of a path, in URLs as in stores, and none that a store keeps to itself, as Firestore
    /// does.
    /// </summary>
    public static bool IsPossible(string id) =>
        id.Length > 0 && !id.Contains('/', StringComparison.Ordinal) && id is not ("." or "..") &&
        !(id.StartsWith("__", StringComparison.Ordinal) && id.EndsWith("__", StringComparison.Ordinal)) &&
        Encoding.UTF8.GetByteCount(id) <= MaxBytes;
}
