namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>
/// The files that the model may read at their address. The service reads Cloud Storage with the project's permissions, not the caller's.
/// </summary>
/// <param name="buckets">The allowed buckets.</param>
internal sealed class Files(IList<string> buckets)
{
    /// <summary>Stands for all buckets in the list.</summary>
    public const string AnyBucket = "*";

    /// <summary>The longest name of a bucket.</summary>
    private const int LongestName = 222;

    private const string Start = "gs://";

    /// <summary>Rejects a file of a bucket that is not on the list.</summary>
    /// <param name="address">The file's address.</param>
    /// <param name="where">The path of the address in the message, for errors.</param>
    /// <exception cref="UnreadablePartException">The bucket is not on the list.</exception>
    public void Check(Uri address, string where)
    {
        if (address.Scheme != "gs" || buckets.Contains(AnyBucket))
            return;
        var bucket = BucketOf(address);
        if (!buckets.Contains(bucket))
            throw new UnreadablePartException($"{where}: the agent does not read files of the bucket '{bucket}'.") { Bucket = bucket };
    }

    /// <summary>
    /// The bucket exactly as written: normalizing the URI could yield another bucket than the service reads. Empty for none.
    /// </summary>
    private static string BucketOf(Uri address)
    {
        var text = address.OriginalString.AsSpan().Trim();
        if (!text.StartsWith(Start, StringComparison.OrdinalIgnoreCase))
            return "";
        var rest = text[Start.Length..];
        var end = rest.IndexOf('/');
        var bucket = end < 0 ? rest : rest[..end];
        // Limited, because it is the client's text, and is sent back and logged.
        return (bucket.Length <= LongestName ? bucket : bucket[..LongestName]).ToString();
    }
}
