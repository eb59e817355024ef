using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Functions.Inspector;
using ServerlessA2A.Functions.Local;

namespace ServerlessA2A.Functions;

/// <summary>Serves one function, as <see cref="EntryPoint"/> does, with the services of the builder.</summary>
internal static class FunctionHost
{
    /// <summary>Whether the environment, <c>--target</c> or a single argument names a function.</summary>
    public static bool HasTarget(string[] args) => !LocalHost.IsMigration(args) && (
        !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EntryPoint.FunctionTargetEnvironmentVariable)) ||
        (args is [var only] && !only.StartsWith('-')) ||
        Array.Exists(args, arg => arg == "--target" || arg.StartsWith("--target=", StringComparison.Ordinal)));

    /// <summary>Suppresses Kestrel's warning that its addresses are overridden: PORT decides.</summary>
    public static void IgnoreUrls() => Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);

    /// <summary>Sets defaults that the program may override: settings and logging.</summary>
    public static void Prepare(A2AFunctionsBuilder builder, string[] args)
    {
        builder.Configuration.AddFunctionsEnvironment().AddFunctionsCommandLine(args);
        builder.Logging.ClearProviders().AddFunctionsConsoleLogging(builder.Context);
        // Lines for people have the text, which tells more than a number.
        if (!string.IsNullOrWhiteSpace(builder.Configuration["K_SERVICE"]))
            EventScopes.AddTo(builder.Logging);
    }

    public static async Task<int> RunAsync(A2AFunctionsBuilder builder)
    {
        var servesGrpc = IsMessageFunction(builder.Configuration) && GrpcEndpoint.IsIn(builder.Configuration);
        // With --use-http2, Cloud Run sends all requests over HTTP/2.
        if (servesGrpc)
            GrpcEndpoint.Add(builder.Web, isOfGrpc: _ => true);
        builder.Web.WebHost.ConfigureKestrelForFunctionsFramework();
        builder.Services.AddFunctionTarget(builder.Context, typeof(A2AFunctions).Assembly);
        builder.AddStartups();
        await using var app = builder.Web.Build();
        if (ServesInspector(builder.Configuration))
            InspectorEndpoint.Map(app, isLocal: false);
        if (servesGrpc)
            GrpcEndpoint.Map(app, isLocal: false);
        app.UseFunctionsFramework(builder.Context);
        await app.RunAsync();
        return 0;
    }

    /// <summary>Beside MessageFunction alone: the others have no clients, or serve public documents.</summary>
    private static bool ServesInspector(ConfigurationManager configuration) =>
        configuration.GetValue(InspectorEndpoint.Setting, defaultValue: false) && IsMessageFunction(configuration);

    /// <summary>The framework keeps <c>--target</c> under a name of its own; only the environment variable is documented.</summary>
    private static bool IsMessageFunction(ConfigurationManager configuration) =>
        (configuration["FunctionsFramework:FunctionTarget"] ?? configuration["FUNCTION_TARGET"])?.Split('.')[^1] == nameof(MessageFunction);
}
