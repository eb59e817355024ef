using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessA2A.Functions.Local;

/// <summary>One address for both HTTP functions: the well-known paths are AgentCardFunction's, all others MessageFunction's.</summary>
internal static class HttpTrigger
{
    public static Task HandleAsync(HttpContext context)
    {
        // As the Functions Framework answers what browsers ask for unasked.
        if (context.Request.Path.Value is "/favicon.ico" or "/robots.txt")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        IHttpFunction function = context.Request.Path.Value.AsSpan().TrimStart('/').StartsWith(".well-known/")
            ? context.RequestServices.GetRequiredService<AgentCardFunction>()
            : context.RequestServices.GetRequiredService<MessageFunction>();
        return function.HandleAsync(context);
    }
}
