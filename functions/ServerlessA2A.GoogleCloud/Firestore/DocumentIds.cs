using System.Security.Cryptography;
using System.Text;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>Ids of documents. Those of clients may be spelled in any way, Firestore's may not.</summary>
internal static class DocumentIds
{
    /// <summary>An id for what others have named: the same for the same names only.</summary>
    public static string Of(params ReadOnlySpan<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
            text.Append(name.Length).Append(':').Append(name);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
