using System.Net;
using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Functions.Inspector;

/// <summary>Decides which requests may reach the inspector, before anything else of a request is looked at.</summary>
internal static class InspectorAccess
{
    /// <summary>Why a request does not come from a program on this machine; null where it does.</summary>
    /// <remarks>
    /// Three checks, because each alone can be passed from elsewhere. The connection: another machine has another address. The host's name:
    /// a web page may point its own name at 127.0.0.1 (DNS rebinding), and the browser still sends that name. The forwarding headers: a
    /// tunnel or proxy on this machine connects from it.
    /// </remarks>
    public static string? FaultOfOrigin(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
            return "The inspector answers this machine only. Open it here, with the address that the local host printed.";
        if (!IsLoopback(request.Host.Host))
            return "The inspector answers at localhost, 127.0.0.1 and [::1] only, not at another name of this machine.";
        return request.Headers.ContainsKey("Forwarded") || request.Headers.ContainsKey("X-Forwarded-For")
            ? "The inspector answers this machine only, and this request came through a proxy."
            : null;
    }

    /// <summary>
    /// Whether another site's page made the request; a link there that opens the inspector is none of its requests. Browsers send where a
    /// request comes from. Programs such as curl send neither header, and may do what the user may.
    /// </summary>
    public static bool IsCrossSite(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site is not ("same-origin" or "none") && request.Headers["Sec-Fetch-Dest"] != "document";
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Authority != request.Host.Value);
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ||
        (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
