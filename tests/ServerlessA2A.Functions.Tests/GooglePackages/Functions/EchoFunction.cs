using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Functions;

public sealed partial class EchoFunction(ILogger<EchoFunction> logger) : IHttpFunction
{
    private readonly Guid instance = Guid.NewGuid();

    public async Task HandleAsync(HttpContext context)
    {
        using (logger.BeginScope("an echo"))
            Asked(context.Request.Path);
        context.Response.Headers["instance"] = instance.ToString();
        await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}");
    }

    [LoggerMessage(LogLevel.Warning, "Asked for {Path}")]
    private partial void Asked(PathString path);
}
