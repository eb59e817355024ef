using ServerlessA2A.Chat.Conversations;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>
/// The files that Gemini may read at their address. The service reads Cloud Storage with the project's permissions, not the caller's.
/// </summary>
/// <param name="buckets">The allowed buckets.</param>
internal sealed class BucketFiles(IList<string> buckets) : Files
{
    /// <summary>Stands for all buckets in the list.</summary>
    public const string AnyBucket = "*";

    /// <summary>The longest name of a bucket.</summary>
    private const int LongestName = 222;

    private const string Start = "gs://";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Schemes => ["gs", "https"];

    /// <summary>Rejects a file of a bucket that is not on the list.</summary>
    /// <inheritdoc/>
    public override void Check(Uri address, string where)
    {
        if (address.Scheme != "gs" || buckets.Contains(AnyBucket))
            return;
        var bucket = BucketOf(address);
        if (!buckets.Contains(bucket))
        {
            throw new UnreadablePartException($"{where}: the agent does not read files of the bucket '{bucket}'.")
            {
                Denial = $"bucket {bucket} is not in A2A:Gemini:Buckets",
            };
        }
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
