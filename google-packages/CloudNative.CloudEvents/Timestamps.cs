using System.Globalization;

namespace CloudNative.CloudEvents;

/// <summary>RFC 3339; what is finer than a tick (100 ns) is cut off.</summary>
internal static class Timestamps
{
    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss";

    public static DateTimeOffset Parse(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var end = point < 0 ? -1 : text.AsSpan(point).IndexOfAny("Zz+-") + point;
        var ticks = end - point > 8 ? string.Concat(text.AsSpan(0, point + 8), text.AsSpan(end)) : text;
        return DateTimeOffset.ParseExact(ticks.ToUpperInvariant(), [Seconds + ".FFFFFFF'Z'", Seconds + ".FFFFFFFzzz"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    public static string Format(DateTimeOffset value)
    {
        var fraction = value.Ticks % TimeSpan.TicksPerSecond == 0 ? ""
            : value.Ticks % TimeSpan.TicksPerMillisecond == 0 ? ".fff"
            : value.Ticks % TimeSpan.TicksPerMicrosecond == 0 ? ".ffffff"
            : ".fffffff";
        return value.ToString(Seconds + fraction + (value.Offset == TimeSpan.Zero ? "'Z'" : "zzz"), CultureInfo.InvariantCulture);
    }
}
