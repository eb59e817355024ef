using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Callbacks;
using ServerlessA2A.Bindings.Http;

namespace ServerlessA2A.Functions.Local;

/// <summary>
/// One address for all HTTP functions: AgentCardFunction serves the agents' well-known paths, CallbackFunction their callbacks, and
/// MessageFunction all other paths.
/// </summary>
internal static class HttpTrigger
{
    public static Task HandleAsync(HttpContext context)
    {
        // As the Functions Framework responds to requests that browsers make on their own.
        if (context.Request.Path.Value is "/favicon.ico" or "/robots.txt")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        AgentPath.Read(context.Request.Path, context.RequestServices.GetRequiredService<HostedAgents>(), out var path);
        IHttpFunction function = path.Value.AsSpan().TrimStart('/').StartsWith(".well-known/")
            ? context.RequestServices.GetRequiredService<AgentCardFunction>()
            : CallbackPath.Is(RequestPath.Normalize(path))
            ? context.RequestServices.GetRequiredService<CallbackFunction>()
            : context.RequestServices.GetRequiredService<MessageFunction>();
        return function.HandleAsync(context);
    }
}
