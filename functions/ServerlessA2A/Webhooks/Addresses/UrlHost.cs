using System.Buffers;
using System.Net;

namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>
/// The host that an address names, in one spelling: lower case, ASCII, no dot at the end; of an IP address the usual one.
/// </summary>
/// <param name="Name">The name, or the IP address as text.</param>
/// <param name="Address">The IP address, where it is one.</param>
internal sealed record UrlHost(string Name, IPAddress? Address)
{
    /// <summary>RFC 1035, section 2.3.4.</summary>
    private const int MaxLength = 253;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The host; null where it is neither a name nor an IP address that everybody reads in the same way.</summary>
    public static UrlHost? Of(Uri url) => url.HostNameType switch
    {
        // Decimal, octal, hexadecimal and short spellings have become the usual one here.
        UriHostNameType.IPv4 => new UrlHost(url.Host, IPAddress.Parse(url.Host)),
        // A scope (%eth0) makes sense on this machine only.
        UriHostNameType.IPv6 when !url.DnsSafeHost.Contains('%') && IPAddress.TryParse(url.DnsSafeHost, out var address) =>
            new UrlHost(address.ToString(), address),
        UriHostNameType.Dns => OfName(url),
        _ => null,
    };

    /// <summary>Whether it is a domain or below it.</summary>
    public bool IsWithin(string domain) => Name == domain ||
        (Name.Length > domain.Length && Name.EndsWith(domain, StringComparison.Ordinal) && Name[^(domain.Length + 1)] == '.');

    private static UrlHost? OfName(Uri url)
    {
        string name;
        try
        {
            name = url.IdnHost.TrimEnd('.').ToLowerInvariant();
        }
        catch (UriFormatException)
        {
            return null;
        }

        var isName = name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(NameCharacters) && !EndsInNumber(name);
        return isName ? new UrlHost(name, null) : null;
    }

    /// <summary>
    /// Whether the last label is a number. No top-level domain is one, but resolvers read such names as IPv4 addresses (WHATWG URL,
    /// section 3.5): <c>127.0.0.1.</c> and what digits of other scripts become.
    /// </summary>
    private static bool EndsInNumber(string name)
    {
        var label = name.AsSpan(name.LastIndexOf('.') + 1);
        return !label.ContainsAnyExceptInRange('0', '9') ||
            (label.StartsWith("0x", StringComparison.Ordinal) && !label[2..].ContainsAnyExcept(HexDigits));
    }
}
