using System.Net;
using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Functions.Local;

/// <summary>
/// The names that the local host answers to. A web page may point its own name at this machine (DNS rebinding): the browser then takes
/// agent and page for one origin, but still sends the page's name.
/// </summary>
internal static class LocalNames
{
    /// <summary>The setting of ASP.NET Core for other names, separated by <c>;</c>. Its own filter enforces them.</summary>
    public const string Setting = "AllowedHosts";

    /// <summary>Why a request from this machine has another name than this machine's; null where it has not.</summary>
    /// <remarks>Other machines can connect only where the user has chosen an address for them, and use its name.</remarks>
    public static string? FaultOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !IsLoopback(context.Request.Host.Host)
            ? "The local host answers at localhost, 127.0.0.1 and [::1] only, so that no web page reaches it by a name of its own. " +
              $"For a tunnel or another name set {Setting}, such as {Setting}=agent.example.com;localhost."
            : null;

    /// <summary>Whether a host's name always leads to this machine.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ||
        (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
