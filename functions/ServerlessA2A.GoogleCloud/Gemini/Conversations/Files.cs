namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>Which files the model may be given by their address. Those in Cloud Storage it reads with the rights of the project, which are not the caller's.</summary>
/// <param name="buckets">The buckets whose files it may read.</param>
internal sealed class Files(IList<string> buckets)
{
    /// <summary>In a list of buckets, all there are.</summary>
    public const string AnyBucket = "*";

    /// <summary>No bucket's name is longer.</summary>
    private const int LongestName = 222;

    private const string Start = "gs://";

    /// <summary>Refuses a file of a bucket that is not on the list.</summary>
    /// <param name="address">The file.</param>
    /// <param name="where">Where it is named, for messages.</param>
    /// <exception cref="UnreadablePartException">It is.</exception>
    public void Check(Uri address, string where)
    {
        if (address.Scheme != "gs" || buckets.Contains(AnyBucket))
            return;
        var bucket = BucketOf(address);
        if (!buckets.Contains(bucket))
            throw new UnreadablePartException($"{where}: the agent does not read files of the bucket '{bucket}'.") { Bucket = bucket };
    }

    /// <summary>The bucket as it is written, letter for letter: what a URI makes of it may be another than the model's service reads. Empty for none.</summary>
    private static string BucketOf(Uri address)
    {
        var text = address.OriginalString.AsSpan().Trim();
        if (!text.StartsWith(Start, StringComparison.OrdinalIgnoreCase))
            return "";
        var rest = text[Start.Length..];
        var end = rest.IndexOf('/');
        var bucket = end < 0 ? rest : rest[..end];
        // Much of it may be the client's text, and it is told and logged.
        return (bucket.Length <= LongestName ? bucket : bucket[..LongestName]).ToString();
    }
}
