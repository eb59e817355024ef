using System.Globalization;
using System.Text;

namespace CloudNative.CloudEvents.Http;

/// <summary>CloudEvents HTTP binding 1.0.2, sections 3.1.3.1 and 3.1.3.2: attribute names and values as headers.</summary>
public static class HttpUtilities
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string HttpHeaderPrefix { get; } = "ce-";

    public static string SpecVersionHttpHeader { get; } = "ce-specversion";

    public static string? GetAttributeNameFromHeaderName(string headerName)
    {
        ArgumentNullException.ThrowIfNull(headerName);
        return headerName.StartsWith(HttpHeaderPrefix, StringComparison.OrdinalIgnoreCase)
            ? headerName[HttpHeaderPrefix.Length..].ToLowerInvariant()
            : null;
    }

    public static string EncodeHeaderValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var encoded = new StringBuilder(value.Length);
        foreach (var b in StrictUtf8.GetBytes(value))
        {
            if (b is > 0x20 and < 0x7f and not (byte)'"' and not (byte)'%')
                encoded.Append((char)b);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return encoded.ToString();
    }

    public static string DecodeHeaderValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        value = Unquote(value);
        if (!value.Contains('%', StringComparison.Ordinal))
            return value;
        var bytes = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '%')
            {
                bytes.AddRange(StrictUtf8.GetBytes(value, i, char.IsHighSurrogate(value[i]) && i + 1 < value.Length ? 2 : 1));
                i += char.IsHighSurrogate(value[i]) ? 1 : 0;
            }
            else if (i + 2 < value.Length && byte.TryParse(value.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                throw Invalid("percent is not followed by two hex digits");
            }
        }
        try
        {
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw Invalid("percent-encoded value is invalid UTF-8");
        }
    }

    // RFC 7230, section 3.2.6, backwards.
    private static string Unquote(string value)
    {
        if (!value.Contains('"', StringComparison.Ordinal))
            return value;
        var plain = new StringBuilder(value.Length);
        var quoted = false;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '"')
                quoted = !quoted;
            else if (value[i] == '\\' && quoted)
                plain.Append(++i < value.Length ? value[i] : throw Invalid("unterminated backslash escape"));
            else
                plain.Append(value[i]);
        }
        return quoted ? throw Invalid("unterminated quoted string") : plain.ToString();
    }

    private static ArgumentException Invalid(string reason) => new($"Invalid HTTP header value for CloudEvent attribute: {reason}");
}
