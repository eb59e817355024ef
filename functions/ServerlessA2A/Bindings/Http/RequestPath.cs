using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The path of a request.</summary>
internal static class RequestPath
{
    /// <summary>
    /// Merges repeated slashes and removes trailing ones: clients join an address that ends in a slash with a path that starts with one. A
    /// slash inside an id is encoded and stays.
    /// </summary>
    public static void Normalize(HttpRequest request) => request.Path = Normalize(request.Path);

    /// <summary>
    /// The whole path, for logs and errors: the path base holds the agent's name and the path that the host is mounted under.
    /// </summary>
    public static string WholeOf(HttpRequest request) => request.PathBase.Value + request.Path.Value;

    /// <inheritdoc cref="Normalize(HttpRequest)"/>
    public static PathString Normalize(PathString path) =>
        path.Value is { } text && (text.Contains("//", StringComparison.Ordinal) || (text.Length > 1 && text[^1] == '/'))
            ? "/" + string.Join('/', text.Split('/', StringSplitOptions.RemoveEmptyEntries))
            : path;
}
