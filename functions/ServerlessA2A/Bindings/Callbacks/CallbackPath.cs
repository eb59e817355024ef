using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.HttpJson;

namespace ServerlessA2A.Bindings.Callbacks;

/// <summary>The paths of callbacks, below an agent's address: <c>/callback</c> and <c>/callback/{taskId}</c>.</summary>
internal static class CallbackPath
{
    private const string Prefix = "/callback";

    /// <summary>Whether a path is that of a callback. Operations win, also those of a tenant that is called <c>callback</c>.</summary>
    public static bool Is(PathString path) => TryRead(path, out _);

    /// <summary>Reads the path; the task is null if the path does not name one.</summary>
    public static bool TryRead(PathString path, out string? taskId)
    {
        taskId = null;
        if (!path.StartsWithSegments(Prefix, StringComparison.Ordinal, out var rest))
            return false;
        if (rest.Value is not { Length: > 1 } text)
            return true;
        taskId = text[1..];
        return !taskId.Contains('/', StringComparison.Ordinal) && HttpJsonPath.Read(path.Value!) is null;
    }
}
