using System.Buffers;

namespace ServerlessA2A.Bindings.Http;

/// <summary>Origins of web pages (RFC 6454), as the <c>Origin</c> header has them.</summary>
internal static class Origin
{
    /// <summary>In a list of origins: any.</summary>
    public const string Any = "*";

    private static readonly SearchValues<char> Foreign = SearchValues.Create("?#* \t\r\n");

    /// <summary>An origin, spelled as browsers spell it; null for what is none.</summary>
    public static string? Parse(string? text)
    {
        if (text == Any)
            return Any;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
            return null;
        if (uri.AbsolutePath is not ("" or "/") || text.AsSpan().ContainsAny(Foreign))
            return null;
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort || uri.Port < 0 ? $"{uri.Scheme}://{host}" : $"{uri.Scheme}://{host}:{uri.Port}";
    }
}
