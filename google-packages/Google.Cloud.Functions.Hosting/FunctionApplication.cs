using System.Reflection;
using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting;

internal static partial class FunctionApplication
{
    /// <param name="expectedIn">Where startup classes were looked for, to be checked against the function as it was configured in the end.</param>
    public static IApplicationBuilder Configure(WebHostBuilderContext context, IApplicationBuilder app, Assembly? expectedIn = null)
    {
        var startups = app.ApplicationServices.GetServices<FunctionsStartup>().ToArray();
        foreach (var startup in startups)
            startup.Configure(context, app);

        // Browsers ask for these unasked; they are none of the function's business.
        app.Map("/robots.txt", NotFound);
        app.Map("/favicon.ico", NotFound);
        app.Run(request => request.RequestServices.GetRequiredService<IHttpFunction>().HandleAsync(request));

        var target = app.ApplicationServices.GetRequiredService<FunctionTarget>().Type;
        if (expectedIn is not null)
            Check(startups, FunctionsStartupAttribute.GetStartupTypes(expectedIn, target));
        Serving(app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(EntryPoint).FullName!), target.FullName!);
        return app;
    }

    private static void Check(FunctionsStartup[] startups, IEnumerable<Type> expected)
    {
        if (!expected.All(type => Array.Exists(startups, startup => startup.GetType() == type)))
            throw new InvalidOperationException("The configured function target requires startup classes that were not used, because it became known after they were chosen.");
    }

    private static void NotFound(IApplicationBuilder app) =>
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });

    [LoggerMessage(LogLevel.Information, "Serving function {FunctionType}")]
    private static partial void Serving(ILogger logger, string functionType);
}
