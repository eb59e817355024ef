using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The path of a request.</summary>
internal static class RequestPath
{
    /// <summary>
    /// Takes several slashes for one, and none at the end: clients join an address that ends in a slash with a path that begins with one. A
    /// slash inside an id is encoded, and stays.
    /// </summary>
    public static void Normalize(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (path.Contains("//", StringComparison.Ordinal) || (path.Length > 1 && path[^1] == '/'))
            request.Path = "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
    }
}
