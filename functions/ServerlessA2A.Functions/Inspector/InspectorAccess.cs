using System.Net;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Functions.Local;

namespace ServerlessA2A.Functions.Inspector;

/// <summary>Decides which requests may reach the inspector, before anything else of a request is looked at.</summary>
internal static class InspectorAccess
{
    private static readonly string[] ForwardingHeaders = ["Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP"];

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
        if (!LocalNames.IsLoopback(request.Host.Host))
            return "The inspector answers at localhost, 127.0.0.1 and [::1] only, not at another name of this machine.";
        return request.Headers.Keys.Any(IsForwarding)
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
            return site is not ("same-origin" or "none") && !(IsLink(request.Headers) && HttpMethods.IsGet(request.Method));
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Authority != request.Host.Value);
    }

    /// <summary>A form of another site navigates too, but with POST.</summary>
    private static bool IsLink(IHeaderDictionary headers) =>
        headers["Sec-Fetch-Dest"] == "document" && headers["Sec-Fetch-Mode"] == "navigate";

    private static bool IsForwarding(string header) =>
        header.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase) ||
        Array.Exists(ForwardingHeaders, each => each.Equals(header, StringComparison.OrdinalIgnoreCase));
}
