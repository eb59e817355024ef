using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions;
using ServerlessA2A.GoogleCloud;

[assembly: FunctionsStartup(typeof(Startup))]

namespace ServerlessA2A.Functions;

/// <summary>What is in the process: the same for every function, and for the local host.</summary>
public sealed class Startup : FunctionsStartup
{
    /// <summary>The agent that <see cref="A2AFunctions.RunAsync{TAgent}"/> was given. Static, because the framework makes the startup classes.</summary>
    internal static Action<IServiceCollection> AddAgent { get; set; } = services => services.AddAgent<OfflineAgent>();

    /// <inheritdoc/>
    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services)
    {
        AddAgent(services);
        services.AddServerlessA2A(context.Configuration);
        if (TaskPlaces.Choose(context.Configuration) == TaskPlace.InMemory)
            services.AddInMemoryTasks(context.Configuration);
        else
            AddGoogleCloud(services, context.Configuration);
    }

    /// <summary>By itself, so that Google's assemblies are loaded where they are used and nowhere else.</summary>
    private static void AddGoogleCloud(IServiceCollection services, IConfiguration configuration) => services.AddGoogleCloudTasks(configuration);
}
