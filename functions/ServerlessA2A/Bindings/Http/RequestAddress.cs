using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The address of a request, for cards of an agent whose public address is not configured.</summary>
internal static class RequestAddress
{
    private const int LongestHost = 255;

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]");

    /// <summary>A placeholder where no address is known.</summary>
    public static Uri Nowhere { get; } = new("http://localhost/");

    /// <summary>Scheme and host of the request.</summary>
    /// <remarks>
    /// Cloud Run ends TLS and always sets X-Forwarded-Proto itself. X-Forwarded-Host is not read: any client may set it, and shared caches
    /// would keep the card with it under the real host's name.
    /// </remarks>
    public static (string Scheme, string Host) Of(HttpRequest request)
    {
        var host = request.Host.Value;
        var isPlain = !string.IsNullOrEmpty(host) && host.Length <= LongestHost && !host.AsSpan().ContainsAnyExcept(HostCharacters);
        return (SchemeOf(request), isPlain ? host! : "localhost");
    }

    /// <summary>The same as an address, with the path that the host has mounted the function under.</summary>
    public static Uri ToUri(string scheme, string host, PathString pathBase) =>
        Uri.TryCreate($"{scheme}://{host}{pathBase.ToUriComponent()}/", UriKind.Absolute, out var address) ? address : Nowhere;

    private static string SchemeOf(HttpRequest request)
    {
        var forwarded = request.Headers["X-Forwarded-Proto"].ToString().AsSpan();
        var comma = forwarded.IndexOf(',');
        var first = (comma < 0 ? forwarded : forwarded[..comma]).Trim();
        return first.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https"
            : first.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http"
            : request.IsHttps ? "https" : "http";
    }
}
