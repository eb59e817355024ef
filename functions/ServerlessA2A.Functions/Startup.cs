using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.Gemini;

[assembly: FunctionsStartup(typeof(Startup))]

namespace ServerlessA2A.Functions;

/// <summary>What is in the process: the same for every function, and for the local host.</summary>
public sealed class Startup : FunctionsStartup
{
    /// <summary>What <see cref="A2AFunctions"/> was given: an agent, tools. Static, because the framework makes the startup classes.</summary>
    internal static Action<IServiceCollection> AddOwn { get; set; } = _ => { };

    /// <inheritdoc/>
    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services)
    {
        AddOwn(services);
        services.AddServerlessA2A(context.Configuration);
        if (string.IsNullOrWhiteSpace(context.Configuration["A2A:Gemini:Model"]))
            services.AddAgent<OfflineAgent>();
        else
            AddGemini(services, context.Configuration);
        if (TaskPlaces.Choose(context.Configuration) == TaskPlace.InMemory)
            services.AddInMemoryTasks(context.Configuration);
        else
            AddGoogleCloud(services, context.Configuration);
    }

    /// <summary>By itself, so that Google's assemblies are loaded where they are used and nowhere else.</summary>
    private static void AddGoogleCloud(IServiceCollection services, IConfiguration configuration) => services.AddGoogleCloudTasks(configuration);

    /// <inheritdoc cref="AddGoogleCloud"/>
    private static void AddGemini(IServiceCollection services, IConfiguration configuration) => services.AddGemini(configuration);
}
