using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Hosting;
using ServerlessA2A.PostgreSql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.PostgreSql.Queues;
using ServerlessA2A.PostgreSql.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Settings;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>PostgreSQL in a service collection. What is registered before wins.</summary>
public static class PostgreSqlServiceCollectionExtensions
{
    /// <summary>
    /// Keeps tasks in PostgreSQL 15 or later (AlloyDB, Cloud SQL, any other), configured by the section <c>A2A:PostgreSql</c>. Add a queue
    /// too:
    /// <see cref="AddPostgreSqlQueue"/>, or that of <c>AddGoogleCloudTasks</c> after this. Nothing connects before the first call.
    /// </summary>
    /// <remarks>The tables are created by <see cref="MigratePostgreSqlTasksAsync"/>, once for each version of this package.</remarks>
    public static IServiceCollection AddPostgreSqlTasks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<PostgreSqlOptions>(configuration.GetSection("A2A:PostgreSql"), options => options.Validate())
            .Bind(configuration.GetSection("A2A:PostgreSql"))
            .Validate<IServiceProviderIsService>(
                (options, offered) => !options.IamLogin || offered.IsService(typeof(PostgreSqlPasswordSource)),
                $"{SettingFault.Name("A2A:PostgreSql:IamLogin")} is true and the program has no PostgreSqlPasswordSource: " +
                $"register one that fetches an access token, or set {SettingFault.Name("A2A:PostgreSql:Password")}.");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<PostgreSqlOptions>>().Value;
            return new Database(options, options.IamLogin ? provider.GetRequiredService<PostgreSqlPasswordSource>() : null);
        });
        services.TryAddSingleton(
            provider => new Changes(provider.GetRequiredService<Database>(), provider.GetRequiredService<ILogger<Changes>>()));
        services.TryAddSingleton(provider => new PostgreSqlTaskStore(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Changes>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IdSource>()));
        services.TryAddSingleton<ITaskStore>(provider => provider.GetRequiredService<PostgreSqlTaskStore>());
        services.TryAddSingleton<IWebhookStore>(provider => provider.GetRequiredService<PostgreSqlTaskStore>());
        services.TryAddSingleton<ITaskExpiry>(provider => provider.GetRequiredService<PostgreSqlTaskStore>());
        return services;
    }

    /// <summary>
    /// Runs tasks in the processes that share the database of <see cref="AddPostgreSqlTasks"/>: adds a queue in it, in place of any other
    /// queue, and a worker that starts and stops with the host. A request that a process did not finish is delivered to another one.
    /// </summary>
    public static IServiceCollection AddPostgreSqlQueue(this IServiceCollection services)
    {
        services.TryAddSingleton(
            provider => new PostgreSqlTaskQueue(provider.GetRequiredService<Database>(), provider.GetRequiredService<Changes>()));
        services.TryAddSingleton(
            provider => new PostgreSqlDeliveryQueue(provider.GetRequiredService<Database>(), provider.GetRequiredService<Changes>()));
        services.Replace(ServiceDescriptor.Singleton<ITaskQueue>(provider => provider.GetRequiredService<PostgreSqlTaskQueue>()));
        services.Replace(ServiceDescriptor.Singleton<IDeliveryQueue>(provider => provider.GetRequiredService<PostgreSqlDeliveryQueue>()));
        services.AddOptions<SecurityOptions>().Validate(
            security => !security.ForwardAccessToken || security.EncryptionKeys.Count > 0,
            $"{SettingFault.Name("A2A:Security:ForwardAccessToken")} is true, but there are no " +
            $"{SettingFault.ListName("A2A:Security:EncryptionKeys")}: callers' tokens would be unencrypted in PostgreSQL. " +
            "Set a key of 32 bytes in base64 (openssl rand -base64 32).");
        services.TryAddSingleton<PostgreSqlWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<PostgreSqlWorker>());
        return services.AddHostedService(provider =>
            new SweepSchedule(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<PostgreSqlWorker>().SweepAsync));
    }

    /// <summary>
    /// Creates the tables of <see cref="AddPostgreSqlTasks"/>, or brings them to the version of this package. Running it again changes
    /// nothing; several processes may run it at once.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is changed then.</param>
    /// <exception cref="TaskStoreException">The database cannot be reached, or a newer package has migrated it.</exception>
    public static async Task MigratePostgreSqlTasksAsync(this IServiceProvider services, CancellationToken cancellationToken = default) =>
        await Migration.RunAsync(services.GetRequiredService<Database>(), cancellationToken);
}
