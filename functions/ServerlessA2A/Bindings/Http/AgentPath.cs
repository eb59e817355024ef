using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The agent that a path names: <c>/{agent}/…</c>. An agent's name wins over a tenant of the same name.</summary>
internal static class AgentPath
{
    /// <summary>
    /// Handles a request with the agent that its path names. The name moves to the path base meanwhile, because it is part of the agent's
    /// address.
    /// </summary>
    public static Task HandleAsync(HttpContext context, HostedAgents agents, Func<HttpContext, HostedAgent, Task> handle) =>
        Read(context.Request.Path, agents, out var rest) is { } named
            ? HandleAsync(context, named, rest, handle)
            : handle(context, agents.Default);

    /// <summary>The agent that the first segment names, with the path below it; null where it names none.</summary>
    public static HostedAgent? Read(PathString path, HostedAgents agents, out PathString rest)
    {
        rest = path;
        if (path.Value is not { Length: > 1 } text || !agents.HaveNames)
            return null;
        var end = text.IndexOf('/', 1) is > 0 and var slash ? slash : text.Length;
        // The empty name belongs to the agent without a name.
        if (end == 1 || agents.Find(text[1..end]) is not { } named)
            return null;
        rest = text[end..];
        return named;
    }

    private static async Task HandleAsync(
        HttpContext context, HostedAgent agent, PathString rest, Func<HttpContext, HostedAgent, Task> handle)
    {
        var request = context.Request;
        var (pathBase, path) = (request.PathBase, request.Path);
        try
        {
            (request.PathBase, request.Path) = (pathBase.Add($"/{agent.Name}"), rest);
            await handle(context, agent);
        }
        finally
        {
            (request.PathBase, request.Path) = (pathBase, path);
        }
    }
}
