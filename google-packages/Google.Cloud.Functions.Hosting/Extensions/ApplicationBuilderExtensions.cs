using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Microsoft.AspNetCore.Hosting;

public static class ApplicationBuilderExtensions
{
    /// <summary>The startup classes' own steps, then 404 for robots.txt and favicon.ico, then the function.</summary>
    public static IApplicationBuilder UseFunctionsFramework(this IApplicationBuilder app, WebHostBuilderContext context)
    {
        ArgumentNullException.ThrowIfNull(app);
        return FunctionApplication.Configure(context, app);
    }
}
