using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Http;

namespace ServerlessA2A.Functions.Inspector;

/// <summary>The files of the page, which are resources of this assembly.</summary>
internal static class InspectorFiles
{
    private const string Prefix = "inspector/";

    /// <summary>
    /// Agents are untrusted: whatever their cards and messages contain, the browser runs no script and loads nothing that is not a file of
    /// this assembly.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly FrozenSet<string> Names = typeof(InspectorFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]).ToFrozenSet();

    /// <summary>The file at a path below <c>/inspector</c>; null for none.</summary>
    public static string? Find(string path) => path == "/" ? "index.html" : Names.Contains(path[1..]) ? path[1..] : null;

    /// <summary>Answers with a file.</summary>
    public static async Task SendAsync(HttpResponse response, string name)
    {
        await using var file = typeof(InspectorFiles).Assembly.GetManifestResourceStream(Prefix + name)!;
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        response.ContentType = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        await response.SendAsync(bytes);
    }

    /// <summary>Sets the headers of every answer of the inspector.</summary>
    public static void Harden(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
