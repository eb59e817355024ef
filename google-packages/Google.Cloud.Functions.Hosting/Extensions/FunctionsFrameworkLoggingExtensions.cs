using Google.Cloud.Functions.Hosting;
using Google.Cloud.Functions.Hosting.Logging;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.Logging;

public static class FunctionsFrameworkLoggingExtensions
{
    /// <summary>Lines of JSON on Cloud Run, which Cloud Logging reads; lines for people elsewhere.</summary>
    public static ILoggingBuilder AddFunctionsConsoleLogging(this ILoggingBuilder builder, WebHostBuilderContext context)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(context);
        var json = new FunctionsFrameworkOptions(context.Configuration).JsonLogging;
#pragma warning disable CA2000 // The logger factory disposes of its providers.
        return builder.AddProvider(new ConsoleLoggerProvider(json));
#pragma warning restore CA2000
    }
}
