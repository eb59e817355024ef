using System.Reflection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting;

/// <summary>What a generated <c>Main</c> calls.</summary>
public static class EntryPoint
{
    public const string FunctionTargetEnvironmentVariable = "FUNCTION_TARGET";
    public const string PortEnvironmentVariable = "PORT";

    /// <summary>Serves the function of the assembly that the arguments or the environment name, or its only one.</summary>
    public static async Task<int> StartAsync(Assembly functionAssembly, string[] args)
    {
        // Kestrel would warn that it is overridden: PORT decides.
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
        // Startup classes may stand on the function's class, so it has to be known before they have a say in the configuration.
        var guess = new ConfigurationBuilder().AddFunctionsEnvironment().AddFunctionsCommandLine(args).Build();
        var expectedTarget = FunctionTargets.TryFind(guess, functionAssembly);
        using var host = Host.CreateDefaultBuilder()
            .ConfigureWebHostDefaults(web => web
                .ConfigureAppConfiguration(configuration => configuration.AddFunctionsEnvironment().AddFunctionsCommandLine(args))
                .ConfigureLogging((context, logging) => logging.ClearProviders().AddFunctionsConsoleLogging(context))
                .ConfigureKestrelForFunctionsFramework()
                .ConfigureServices((context, services) => services.AddFunctionTarget(context, functionAssembly))
                .UseFunctionsStartups(functionAssembly, expectedTarget)
                .Configure((context, app) => FunctionApplication.Configure(context, app, functionAssembly)))
            .Build();
        await host.RunAsync();
        return 0;
    }
}
