using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions;

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
        services.AddInMemoryTasks(context.Configuration);
    }
}
