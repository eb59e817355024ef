using System.Reflection;
using Google.Cloud.Functions.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Hosting;

public static class FunctionsFrameworkWebHostBuilderExtensions
{
    /// <summary>Listens on PORT: on every address in a container, on the loopback address elsewhere.</summary>
    public static IWebHostBuilder ConfigureKestrelForFunctionsFramework(this IWebHostBuilder builder) =>
        builder.ConfigureKestrel((context, kestrel) =>
        {
            var options = new FunctionsFrameworkOptions(context.Configuration);
            kestrel.Listen(options.Address, options.Port);
        });

    public static IWebHostBuilder UseFunctionsStartups(this IWebHostBuilder webHostBuilder, Assembly assembly, Type? functionType)
    {
        foreach (var type in FunctionsStartupAttribute.GetStartupTypes(assembly, functionType))
            webHostBuilder.UseFunctionsStartup((FunctionsStartup)Activator.CreateInstance(type)!);
        return webHostBuilder;
    }

    public static IWebHostBuilder UseFunctionsStartup(this IWebHostBuilder webHostBuilder, FunctionsStartup startup)
    {
        ArgumentNullException.ThrowIfNull(startup);
        return webHostBuilder
            .ConfigureAppConfiguration(startup.ConfigureAppConfiguration)
            .ConfigureLogging(startup.ConfigureLogging)
            .ConfigureServices(startup.ConfigureServices)
            .ConfigureServices(services => services.AddSingleton(startup));
    }
}
