using System.Buffers.Text;

namespace ServerlessA2A.Protocol;

/// <summary>Timestamps in JSON and in query strings.</summary>
/// <remarks>A2A 1.0, section 5.6.1: RFC 3339; written in UTC with milliseconds and Z, read with any offset and fraction.</remarks>
internal static class ProtoTimestamp
{
    /// <summary>The length of a written timestamp: <c>2026-01-31T23:59:59.123Z</c>.</summary>
    public const int Length = 24;

    private const int LongestOnRead = 35;

    /// <summary>Writes a timestamp, truncated to milliseconds; false if the destination is shorter than <see cref="Length"/>.</summary>
    public static bool TryFormat(DateTimeOffset moment, Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < Length) return false;
        var utc = moment.UtcDateTime;
        Digits(destination, 0, 4, utc.Year);
        destination[4] = (byte)'-';
        Digits(destination, 5, 2, utc.Month);
        destination[7] = (byte)'-';
        Digits(destination, 8, 2, utc.Day);
        destination[10] = (byte)'T';
        Digits(destination, 11, 2, utc.Hour);
        destination[13] = (byte)':';
        Digits(destination, 14, 2, utc.Minute);
        destination[16] = (byte)':';
        Digits(destination, 17, 2, utc.Second);
        destination[19] = (byte)'.';
        Digits(destination, 20, 3, utc.Millisecond);
        destination[23] = (byte)'Z';
        written = Length;
        return true;
    }

    /// <summary>Reads a timestamp; false for text that RFC 3339 does not allow.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset moment)
    {
        moment = default;
        Span<byte> ascii = stackalloc byte[LongestOnRead];
        if (text.Length > LongestOnRead) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] > 0x7f) return false;
            ascii[i] = (byte)text[i];
        }

        return TryParse(ascii[..text.Length], out moment);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out DateTimeOffset)"/>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset moment)
    {
        moment = default;
        if (text.Length is < 20 or > LongestOnRead
            || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t') || text[13] != ':' || text[16] != ':'
            || !Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second)
            || !Fraction(text[19..], out var ticks, out var rest)
            || !Offset(rest, out var offset)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var utc = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified).Ticks + ticks - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks) return false;
        moment = new(utc, TimeSpan.Zero);
        return true;
    }

    private static bool Fraction(ReadOnlySpan<byte> text, out long ticks, out ReadOnlySpan<byte> rest)
    {
        ticks = 0;
        rest = text;
        if (text[0] != '.') return true;
        var unit = TimeSpan.TicksPerSecond;
        var i = 1;
        for (; i < text.Length && char.IsAsciiDigit((char)text[i]); i++) ticks += (text[i] - '0') * (unit /= 10);
        rest = text[i..];
        return i is > 1 and <= 10;
    }

    private static bool Offset(ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is [(byte)'Z' or (byte)'z']) return true;
        if (text is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _]
            || !Number(text[1..3], out var hours) || !Number(text[4..6], out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        if (text[0] == '-') offset = -offset;
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value) =>
        Utf8Parser.TryParse(digits, out value, out var used) && used == digits.Length && char.IsAsciiDigit((char)digits[0]);

    private static void Digits(Span<byte> destination, int start, int count, int value)
    {
        for (var i = start + count - 1; i >= start; i--, value /= 10) destination[i] = (byte)('0' + (value % 10));
    }
}
