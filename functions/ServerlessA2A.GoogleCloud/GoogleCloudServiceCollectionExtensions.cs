using Google.Api.Gax;
using Google.Cloud.Firestore;
using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.GoogleCloud.Webhooks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Signing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Google Cloud in a service collection. What is registered before wins.</summary>
public static partial class GoogleCloudServiceCollectionExtensions
{
    /// <summary>
    /// Adds the store in Firestore and the queue in Pub/Sub, configured by the section <c>A2A:GoogleCloud</c>; on the emulators where
    /// <c>FIRESTORE_EMULATOR_HOST</c> and <c>PUBSUB_EMULATOR_HOST</c> name them; and Google's ID tokens as signatures of webhooks, for who
    /// chooses them. Clients are built and credentials are looked up when they are first used; a failure is not remembered.
    /// </summary>
    public static IServiceCollection AddGoogleCloudTasks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<GoogleCloudOptions>(options => options.Validate())
            .Bind(configuration.GetSection("A2A:GoogleCloud"))
            .PostConfigure(options => options.FindProject(configuration));

        services.TryAddSingleton(TimeProvider.System);
        services.AddDefaultCredential();
        // The clients are services so that one's own can take their place; they are resolved when they are first used.
        services.TryAddSingleton(BuildPublisher);
        services.TryAddSingleton(provider => new GoogleClient<PublisherServiceApiClient>("Pub/Sub", provider.GetRequiredService<PublisherServiceApiClient>));
        services.TryAddSingleton<ITaskQueue>(provider => new PubSubTaskQueue(
            provider.GetRequiredService<GoogleClient<PublisherServiceApiClient>>(), provider.GetRequiredService<IOptions<GoogleCloudOptions>>()));
        services.TryAddSingleton<INotificationQueue>(provider => new PubSubNotificationQueue(
            provider.GetRequiredService<GoogleClient<PublisherServiceApiClient>>(), provider.GetRequiredService<IOptions<GoogleCloudOptions>>()));
        services.TryAddSingleton(BuildDatabase);
        services.TryAddSingleton(provider => new FirestoreTaskStore(
            new GoogleClient<FirestoreDb>("Firestore", provider.GetRequiredService<FirestoreDb>),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IdSource>(),
            provider.GetRequiredService<IOptions<GoogleCloudOptions>>()));
        services.TryAddSingleton<ITaskStore>(provider => provider.GetRequiredService<FirestoreTaskStore>());
        services.TryAddSingleton<INotificationStore>(provider => provider.GetRequiredService<FirestoreTaskStore>());
        services.TryAddKeyedSingleton<INotificationSigner>(
            NotificationSignature.GoogleIdToken, (provider, _) => new GoogleIdTokenSigner(provider.GetRequiredService<DefaultCredential>()));
        return services;
    }

    /// <summary>Adds the credentials that all clients share.</summary>
    internal static void AddDefaultCredential(this IServiceCollection services) =>
        services.TryAddSingleton(_ => new DefaultCredential(CredentialLookup.FindAsync));

    private static FirestoreDb BuildDatabase(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<GoogleCloudOptions>>().Value;
        return new FirestoreDbBuilder
        {
            ProjectId = options.ProjectId,
            DatabaseId = options.DatabaseId,
            EmulatorDetection = EmulatorDetection.EmulatorOrProduction,
            Credential = provider.GetRequiredService<DefaultCredential>(),
        }.Build();
    }

    private static PublisherServiceApiClient BuildPublisher(IServiceProvider provider) => new PublisherServiceApiClientBuilder
    {
        EmulatorDetection = EmulatorDetection.EmulatorOrProduction,
        Credential = provider.GetRequiredService<DefaultCredential>(),
    }.Build();
}
