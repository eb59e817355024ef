using System.Globalization;
using Google.Cloud.Firestore;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// The part of an index that a task's entries lie in. Firestore takes about 500 writes a second into an index whose values only grow, such
/// as moments; with a shard in front there are as many growing ends as shards.
/// </summary>
/// <remarks>
/// Only writers know how many shards there are. Readers look into all that there can be, so the number may change at any time, and differ
/// between instances.
/// </remarks>
internal readonly record struct Shard(int Number)
{
    /// <summary>The most shards. A query allows 30 values, and reads a range of the index for each of them.</summary>
    public const int Max = GoogleCloudOptions.MaxShards;

    /// <summary>The numbers of all shards that there can be.</summary>
    public static IReadOnlyList<long> All { get; } = [.. Enumerable.Range(0, Max)];

    /// <summary>The end of all moments with shards, which no moment reaches.</summary>
    public static string End { get; } = new Shard(Max).Begin;

    /// <summary>Before all moments of this shard.</summary>
    public string Begin => Number.ToString("D2", CultureInfo.InvariantCulture);

    /// <summary>The shard of a task: the same for the same id and count (FNV-1a).</summary>
    public static Shard Of(string taskId, int count)
    {
        var hash = 2166136261u;
        foreach (var character in taskId)
            hash = (hash ^ character) * 16777619;
        return new Shard((int)(hash % (uint)count));
    }

    /// <summary>A moment as it is stored: in the order of time within a shard.</summary>
    public string At(DateTimeOffset moment) => $"{Begin}|{moment.UtcDateTime:O}";

    /// <summary>
    /// The moment in a field, and its shard: null in documents of the first version, which stored the moment alone. False for anything
    /// else.
    /// </summary>
    public static bool TryRead(DocumentSnapshot document, string field, out Shard? shard, out DateTimeOffset moment)
    {
        (shard, moment) = (null, default);
        switch (document.TryGetValue<object>(field, out var value) ? value : null)
        {
            case Timestamp alone:
                moment = alone.ToDateTimeOffset();
                return true;
            case string text when text.Length > 3 && text[2] == '|' &&
                int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                shard = new Shard(number);
                return DateTimeOffset.TryParseExact(
                    text.AsSpan(3), "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);
            default:
                return false;
        }
    }

    /// <summary>The moment in a field.</summary>
    /// <exception cref="FormatException">There is something else in it.</exception>
    public static DateTimeOffset Read(DocumentSnapshot document, string field) =>
        TryRead(document, field, out _, out var moment) ? moment : throw new FormatException($"the field {field} holds no moment");
}
