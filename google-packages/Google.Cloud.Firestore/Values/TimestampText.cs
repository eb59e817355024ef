using System.Globalization;

namespace Google.Cloud.Firestore;

/// <summary>Points in time as JSON has them: RFC 3339 in UTC, with nothing or three, six or nine digits of the second.</summary>
internal static class TimestampText
{
    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss";

    public static string Write(Timestamp value)
    {
        var fraction = value.Nanoseconds switch
        {
            0 => "",
            var n when n % 1_000_000 == 0 => $".{n / 1_000_000:d3}",
            var n when n % 1_000 == 0 => $".{n / 1_000:d6}",
            var n => $".{n:d9}",
        };
        return DateTime.UnixEpoch.AddSeconds(value.Seconds).ToString(Seconds, CultureInfo.InvariantCulture) + fraction + "Z";
    }

    public static Timestamp Read(string text)
    {
        // A tick is 100 ns, so the digits of the second are read on their own.
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : string.Concat(text.AsSpan(0, point), "Z");
        var seconds = (long)(DateTime.ParseExact(whole, Seconds + "'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
            - DateTime.UnixEpoch).TotalSeconds;
        return new(seconds, point < 0 ? 0 : int.Parse(text[(point + 1)..^1].PadRight(9, '0'), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
