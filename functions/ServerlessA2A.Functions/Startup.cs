using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.Hosting;
using ServerlessA2A.PostgreSql;
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
            "A2A:Security:Identity (A2A__Security__Identity__0) is not set, and on Cloud Run it has to be said who may call: iam where Cloud Run checks callers " +
            "(--no-allow-unauthenticated), oidc, google-access-token or api-key otherwise; none lets in whoever reaches the function.");
        services.AddOptions<SecurityOptions>().Validate<KeyUse>(
            (security, keys) => !keys.Encrypts || !security.ForwardAccessToken || security.EncryptionKeys.Count > 0 || TaskPlaces.Choose(context.Configuration).HasLocalQueue(),
            "A2A:Security:ForwardAccessToken (A2A__Security__ForwardAccessToken) is on and there are no A2A:Security:EncryptionKeys (A2A__Security__EncryptionKeys__0): " +
            "callers' tokens would stand in Pub/Sub's messages as they are. Set a key of 32 bytes in base64 (openssl rand -base64 32).");
        services.AddOptions<SecurityOptions>().Validate<IServiceProvider, KeyUse>(
            (security, provider, keys) => !keys.Encrypts || !IsDeployed(context.Configuration) || security.EncryptionKeys.Count > 0 ||
                !AgentsOf(provider).Any(agent => agent.Cards.PushNotifications),
            "A2A:Agent:PushNotifications (A2A__Agent__PushNotifications) is on, or that of an agent in A2A:Agents, and there are no A2A:Security:EncryptionKeys (A2A__Security__EncryptionKeys__0): " +
            "the tokens and credentials of webhooks would be stored as they are. Set a key of 32 bytes in base64 (openssl rand -base64 32).");
        services.AddOptions<SecurityOptions>().Validate<IServiceProvider>(
            (security, provider) => !IsDeployed(context.Configuration) || security.SigningKeys.Count == 0 || AgentsOf(provider).All(agent => agent.Cards.HasAddress),
            "A2A:Security:SigningKeys (A2A__Security__SigningKeys__0) is set and A2A:Agent:PublicUrl (A2A__Agent__PublicUrl) is not: the card would be signed with whatever address " +
            "it is asked for at, and a Host header is a stranger's to choose. Set the address of MessageFunction.");
        var place = TaskPlaces.Choose(context.Configuration);
        // The store of PostgreSQL comes first, and so in the place of the one that comes with the queue.
        if (place is TaskPlace.PostgreSql or TaskPlace.LocalPostgreSql)
            AddPostgreSql(services, context.Configuration);
        if (place.HasLocalQueue())
            services.AddInMemoryState(context.Configuration);
        else
            AddGoogleCloud(services, context.Configuration);
    }

    /// <summary>
    /// Rejects a worker in this process where functions run tasks: both would run the same ones, and Cloud Run takes the CPU from a worker between
    /// requests. A test server has no functions that run tasks, and may have the worker.
    /// </summary>
    /// <exception cref="StartFaultException">There is a worker.</exception>
    internal static void RejectWorker(IServiceCollection services)
    {
        if (services.Any(service => typeof(QueueWorker).IsAssignableFrom(service.ServiceType)))
        {
            throw new StartFaultException(
                "AddInMemoryTasks, AddInMemoryQueue or AddPostgreSqlQueue adds a worker, and the functions run the tasks themselves: remove the call, and choose where tasks are kept with " +
                "A2A:Tasks:Store (A2A__Tasks__Store). In an ASP.NET Core application, call AddServerlessA2A and MapA2A instead of A2AFunctions.");
        }
    }

    private static bool IsDeployed(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration["K_SERVICE"]);

    /// <summary>By itself, so that Google's assemblies are loaded where they are used and nowhere else.</summary>
    private static void AddGoogleCloud(IServiceCollection services, IConfiguration configuration) => services.AddGoogleCloudTasks(configuration);

    /// <summary>Tasks in PostgreSQL. For IAM login the password is an access token of the function's service account.</summary>
    private static void AddPostgreSql(IServiceCollection services, IConfiguration configuration)
    {
        services.AddDefaultCredential();
        services.TryAddSingleton<PostgreSqlPasswordSource>(provider =>
        {
            var credential = provider.GetRequiredService<DefaultCredential>();
            return async cancellationToken => await credential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
        });
        services.AddPostgreSqlTasks(configuration);
    }

    /// <inheritdoc cref="AddGoogleCloud"/>
    private static void AddGemini(IServiceCollection services, IConfiguration configuration, bool isAgent)
    {
        services.AddGeminiModel(configuration);
        if (isAgent)
            services.AddAgent<GeminiAgent>();
    }

    /// <summary>Resolved when needed: settings of agents with faults of their own have been reported already.</summary>
    private static IReadOnlyList<HostedAgent> AgentsOf(IServiceProvider provider) => provider.GetRequiredService<HostedAgents>().All;
}
