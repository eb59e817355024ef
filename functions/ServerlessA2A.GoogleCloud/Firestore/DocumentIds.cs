using System.Security.Cryptography;
using System.Text;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>Ids of documents. Those of clients may be spelled in any way, Firestore's may not.</summary>
internal static class DocumentIds
{
    private const int MaxBytes = 1500;

    /// <summary>An id for what others have named: the same for the same names only.</summary>
    public static string Of(params ReadOnlySpan<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
            text.Append(name.Length).Append(':').Append(name);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Whether a document can have this id. Ids of tasks are ours, but a client may ask for any.</summary>
    public static bool IsPossible(string id) =>
        id.Length > 0 && !id.Contains('/', StringComparison.Ordinal) && id is not ("." or "..") &&
        !(id.StartsWith("__", StringComparison.Ordinal) && id.EndsWith("__", StringComparison.Ordinal)) &&
        Encoding.UTF8.GetByteCount(id) <= MaxBytes;
}
