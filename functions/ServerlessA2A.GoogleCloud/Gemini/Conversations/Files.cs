using ServerlessA2A.Protocol;

namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>Which files in Cloud Storage a caller may name. The model reads them with the rights of the project, which are not the caller's.</summary>
internal static class Files
{
    /// <summary>In a list of buckets, all there are.</summary>
    public const string AnyBucket = "*";

    private const string Start = "gs://";

    /// <summary>The first part of a message that names a file of a bucket that is not on the list, and where it stands; null for none.</summary>
    public static (string Where, string Url)? FindForeign(IReadOnlyList<Message> history, IList<string> buckets)
    {
        if (buckets.Contains(AnyBucket))
            return null;
        foreach (var message in history.Where(message => message.Role == Role.User))
        {
            for (var i = 0; i < message.Parts.Count; i++)
            {
                if (Uri.TryCreate(message.Parts[i].Url, UriKind.Absolute, out var uri) && uri.Scheme == "gs" && !buckets.Contains(BucketOf(uri)))
                    return ($"message.parts[{i}].url", message.Parts[i].Url!);
            }
        }

        return null;
    }

    /// <summary>The bucket as it is written, letter for letter: what a URI makes of it may be another than the model's service reads. Empty for none.</summary>
    private static string BucketOf(Uri uri)
    {
        var text = uri.OriginalString.AsSpan().Trim();
        if (!text.StartsWith(Start, StringComparison.OrdinalIgnoreCase))
            return "";
        var rest = text[Start.Length..];
        var end = rest.IndexOf('/');
        return (end < 0 ? rest : rest[..end]).ToString();
    }
}
