using System.Globalization;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Signatures;

/// <summary>Numbers in the form of RFC 8785, section 3.2.2.3: as ECMAScript writes a double (ECMA-262, Number::toString).</summary>
internal static class CanonicalNumber
{
    /// <summary>The magnitude from which an exponent is written.</summary>
    private const int LongestInteger = 21;

    /// <summary>The number of zeros that may follow the point before an exponent is written.</summary>
    private const int MostZeros = 5;

    /// <exception cref="JsonException">The number is infinite or NaN, which JSON lacks.</exception>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
            throw new JsonException("A number is larger than any double.");
        // -0 is 0.
        if (value == 0)
            return "0";
        var sign = value < 0 ? "-" : "";
        var (digits, point) = Shortest(Math.Abs(value));
        return sign + (point, digits.Length) switch
        {
            ( > 0 and <= LongestInteger, var count) when count <= point => digits.PadRight(point, '0'),
            ( > 0 and <= LongestInteger, _) => $"{digits[..point]}.{digits[point..]}",
            ( > -MostZeros - 1 and <= 0, _) => "0." + digits.PadLeft(digits.Length - point, '0'),
            _ => Scientific(digits, point - 1),
        };
    }

    private static string Scientific(string digits, int exponent) => string.Create(
        CultureInfo.InvariantCulture,
        $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");

    /// <summary>The fewest digits that identify this number, as 0.digits times ten to the power of the point.</summary>
    private static (string Digits, int Point) Shortest(double value)
    {
        // .NET finds the same digits, but places the point and the exponent differently: 12.5, 1E+30, 2.5E-07.
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = e < 0 ? text : text[..e];
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var before = dot < 0 ? mantissa.Length : dot;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        return (digits.TrimEnd('0'), before - (all.Length - digits.Length) + exponent);
    }
}
