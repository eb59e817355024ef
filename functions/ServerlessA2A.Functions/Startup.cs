using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Hosting;
using ServerlessA2A.PostgreSql;
using ServerlessA2A.Security;
using ServerlessA2A.Settings;

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
            $"{SettingFault.ListName("A2A:Security:Identity")} must be set on Cloud Run: iam if Cloud Run authenticates callers " +
            "(--no-allow-unauthenticated), otherwise oidc, google-access-token or api-key; " +
            "none admits every caller that reaches the function.");
        services.AddOptions<SecurityOptions>().Validate<KeyUse>(
            (security, keys) =>
                !keys.Encrypts || !security.ForwardAccessToken || security.EncryptionKeys.Count > 0 ||
                TaskPlaces.Choose(context.Configuration).HasLocalQueue(),
            $"{SettingFault.Name("A2A:Security:ForwardAccessToken")} is true, " +
            $"but there are no {SettingFault.ListName("A2A:Security:EncryptionKeys")}: " +
            "callers' tokens would be unencrypted in Pub/Sub messages. Set a key of 32 bytes in base64 (openssl rand -base64 32).");
        services.AddOptions<SecurityOptions>().Validate<IServiceProvider, KeyUse>(
            (security, provider, keys) => !keys.Encrypts || !IsDeployed(context.Configuration) || security.EncryptionKeys.Count > 0 ||
                !AgentsOf(provider).Any(agent => agent.Cards.PushNotifications),
            $"{SettingFault.Name("A2A:Agent:PushNotifications")}, or that of an agent in A2A:Agents, is true, but there are no " +
            $"{SettingFault.ListName("A2A:Security:EncryptionKeys")}: " +
            "the tokens and credentials of webhooks would be stored unencrypted. " +
            "Set a key of 32 bytes in base64 (openssl rand -base64 32).");
        services.AddOptions<SecurityOptions>().Validate<IServiceProvider>(
            (security, provider) =>
                !IsDeployed(context.Configuration) || security.SigningKeys.Count == 0 ||
                AgentsOf(provider).All(agent => agent.Cards.HasAddress),
            $"{SettingFault.ListName("A2A:Security:SigningKeys")} is set, but {SettingFault.Name("A2A:Agent:PublicUrl")} is not: " +
            "the signed card would contain the address of the request, and any client chooses its Host header. " +
            "Set the address of MessageFunction.");
        services.AddOptions<SecurityOptions>().Validate(
            security => !FunctionKeys.IsFor<CallbackFunction>(context.Configuration) || security.EncryptionKeys.Count > 0,
            $"CallbackFunction needs {SettingFault.ListName("A2A:Security:EncryptionKeys")}: " +
            "RunTaskFunction signs the states of callbacks with a key derived from the first one. Set the keys that RunTaskFunction has.");
        var place = TaskPlaces.Choose(context.Configuration);
        // The store of PostgreSQL is registered first, and so replaces the store that comes with the queue.
        if (place is TaskPlace.PostgreSql or TaskPlace.LocalPostgreSql)
            AddPostgreSql(services, context.Configuration);
        if (place.HasLocalQueue())
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
        if (services.Any(service => typeof(QueueWorker).IsAssignableFrom(service.ServiceType)))
        {
            throw new StartFaultException(
                "AddInMemoryTasks, AddInMemoryQueue or AddPostgreSqlQueue adds a worker, but the functions run the tasks themselves: " +
                $"remove the call, and choose the task store with {SettingFault.Name("A2A:Tasks:Store")}. " +
                "In an ASP.NET Core application, call AddServerlessA2A and MapA2A instead of A2AFunctions.");
        }
    }

    private static bool IsDeployed(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration["K_SERVICE"]);

    /// <summary>Kept separate so that Google's assemblies load only when used.</summary>
    private static void AddGoogleCloud(IServiceCollection services, IConfiguration configuration) =>
        services.AddGoogleCloudTasks(configuration);

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
            services.AddGeminiAgent();
    }

    /// <summary>Resolved on demand: invalid settings of agents have been reported already.</summary>
    private static IReadOnlyList<HostedAgent> AgentsOf(IServiceProvider provider) => provider.GetRequiredService<HostedAgents>().All;
}
