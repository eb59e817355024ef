using System.Security.Cryptography;
using System.Text;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>Creates document ids. Clients' ids may contain any character, Firestore's may not.</summary>
internal static class DocumentIds
{
    /// <summary>An id for clients' names: equal for equal names only.</summary>
    public static string Of(params ReadOnlySpan<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
            text.Append(name.Length).Append(':').Append(name);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
