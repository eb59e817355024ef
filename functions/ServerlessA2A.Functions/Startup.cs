using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.Hosting;
using ServerlessA2A.Security;

[assembly: FunctionsStartup(typeof(Startup))]

namespace ServerlessA2A.Functions;

/// <summary>Registers the services shared by every function and the local host.</summary>
public sealed class Startup : FunctionsStartup
{
    /// <inheritdoc/>
    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services)
    {
        SettingNames.RequireDistinct(Environment.GetEnvironmentVariables());
        if (IsDeployed(context.Configuration))
            RejectWorker(services);
        services.AddSingleton(FunctionKeys.Of(context.Configuration));
        services.AddServerlessA2A(context.Configuration);
        var hasAgents = services.Any(service => service.ServiceType == typeof(IAgent));
        if (!string.IsNullOrWhiteSpace(context.Configuration["A2A:Gemini:Model"]))
            AddGemini(services, context.Configuration, isAgent: !hasAgents);
        else if (!hasAgents)
            services.AddAgent<OfflineAgent>();
        services.Configure<KestrelServerOptions>(server => server.AddServerHeader = false);
        services.AddOptions<SecurityOptions>().Validate(
            security => !IsDeployed(context.Configuration) || security.Identity.Count > 0,
            "A2A:Security:Identity (A2A__Security__Identity__0) is not set, but must be set on Cloud Run: " +
            "use iam if Cloud Run checks callers (--no-allow-unauthenticated), otherwise oidc, google-access-token or api-key; " +
            "none admits everyone who reaches the function.");
        services.AddOptions<SecurityOptions>().Validate<KeyUse>(
            (security, keys) =>
                !keys.Encrypts || !security.ForwardAccessToken || security.EncryptionKeys.Count > 0 ||
                TaskPlaces.Choose(context.Configuration) == TaskPlace.InMemory,
            "A2A:Security:ForwardAccessToken (A2A__Security__ForwardAccessToken) is true, " +
            "but A2A:Security:EncryptionKeys (A2A__Security__EncryptionKeys__0) is empty: " +
            "callers' tokens would be in Pub/Sub messages unencrypted. Set a key of 32 bytes in base64 (openssl rand -base64 32).");
        services.AddOptions<SecurityOptions>().Validate<IServiceProvider, KeyUse>(
            (security, provider, keys) => !keys.Encrypts || !IsDeployed(context.Configuration) || security.EncryptionKeys.Count > 0 ||
                !AgentsOf(provider).Any(agent => agent.Cards.PushNotifications),
            "A2A:Agent:PushNotifications (A2A__Agent__PushNotifications) is true here or for an agent in A2A:Agents, " +
            "but A2A:Security:EncryptionKeys (A2A__Security__EncryptionKeys__0) is empty: " +
            "webhooks' tokens and credentials would be stored unencrypted. Set a key of 32 bytes in base64 (openssl rand -base64 32).");
        services.AddOptions<SecurityOptions>().Validate<IServiceProvider>(
            (security, provider) =>
                !IsDeployed(context.Configuration) || security.SigningKeys.Count == 0 ||
                AgentsOf(provider).All(agent => agent.Cards.HasAddress),
            "A2A:Security:SigningKeys (A2A__Security__SigningKeys__0) is set, but A2A:Agent:PublicUrl (A2A__Agent__PublicUrl) is not: " +
            "the card would be signed with the address of each request, which the requester controls. Set the address of MessageFunction.");
        if (TaskPlaces.Choose(context.Configuration) == TaskPlace.InMemory)
            services.AddInMemoryState(context.Configuration);
        else
            AddGoogleCloud(services, context.Configuration);
    }

    /// <summary>
    /// Rejects a worker in this process if functions run the tasks: both would run the same tasks, and Cloud Run gives a worker no CPU
    /// between requests. A test server has no functions that run tasks, and may have the worker.
    /// </summary>
    /// <exception cref="StartFaultException">There is a worker.</exception>
    internal static void RejectWorker(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(InMemoryWorker)))
        {
            throw new StartFaultException(
                "AddInMemoryTasks or AddInMemoryQueue adds a worker, but the functions run the tasks themselves: " +
                "remove the call, and choose the task store with A2A:Tasks:Store (A2A__Tasks__Store). " +
                "In an ASP.NET Core application, call AddServerlessA2A and MapA2A instead of A2AFunctions.");
        }
    }

    private static bool IsDeployed(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration["K_SERVICE"]);

    /// <summary>Kept separate so that Google's assemblies load only when used.</summary>
    private static void AddGoogleCloud(IServiceCollection services, IConfiguration configuration) => services.AddGoogleCloudTasks(configuration);

    /// <inheritdoc cref="AddGoogleCloud"/>
    private static void AddGemini(IServiceCollection services, IConfiguration configuration, bool isAgent)
    {
        services.AddGeminiModel(configuration);
        if (isAgent)
            services.AddAgent<GeminiAgent>();
    }

    /// <summary>Resolved on demand: invalid settings of agents have been reported already.</summary>
    private static IReadOnlyList<HostedAgent> AgentsOf(IServiceProvider provider) => provider.GetRequiredService<HostedAgents>().All;
}
