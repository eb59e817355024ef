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

/// <summary>Registers Google Cloud services. Services that are already registered are kept.</summary>
public static partial class GoogleCloudServiceCollectionExtensions
{
    /// <summary>
    /// Adds the store in Firestore and the queue in Pub/Sub, configured by the section <c>A2A:GoogleCloud</c>, and Google's ID tokens as a
    /// choice for webhooks' signatures. <c>FIRESTORE_EMULATOR_HOST</c> and <c>PUBSUB_EMULATOR_HOST</c> select the emulators. Clients are
    /// built and credentials looked up on first use; a failure is not cached.
    /// </summary>
    public static IServiceCollection AddGoogleCloudTasks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<GoogleCloudOptions>(configuration.GetSection("A2A:GoogleCloud"), options => options.Validate())
            .Bind(configuration.GetSection("A2A:GoogleCloud"))
            .PostConfigure(options => options.FindProject(configuration));

        services.TryAddSingleton(TimeProvider.System);
        services.AddDefaultCredential();
        // The clients are services so that an application can replace them; they are resolved on first use.
        services.TryAddSingleton(BuildPublisher);
        services.TryAddSingleton(
            provider => new GoogleClient<PublisherServiceApiClient>("Pub/Sub", provider.GetRequiredService<PublisherServiceApiClient>));
        services.TryAddSingleton<ITaskQueue>(provider => new PubSubTaskQueue(
            provider.GetRequiredService<GoogleClient<PublisherServiceApiClient>>(),
            provider.GetRequiredService<IOptions<GoogleCloudOptions>>()));
        services.TryAddSingleton<IDeliveryQueue>(provider => new PubSubDeliveryQueue(
            provider.GetRequiredService<GoogleClient<PublisherServiceApiClient>>(),
            provider.GetRequiredService<IOptions<GoogleCloudOptions>>()));
        services.TryAddSingleton(BuildDatabase);
        services.TryAddSingleton(provider => new FirestoreTaskStore(
            new GoogleClient<FirestoreDb>("Firestore", provider.GetRequiredService<FirestoreDb>),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IdSource>(),
            provider.GetRequiredService<IOptions<GoogleCloudOptions>>()));
        services.TryAddSingleton<ITaskStore>(provider => provider.GetRequiredService<FirestoreTaskStore>());
        services.TryAddSingleton<IWebhookStore>(provider => provider.GetRequiredService<FirestoreTaskStore>());
        services.TryAddKeyedSingleton<IWebhookSigner>(
            WebhookSignature.GoogleIdToken, (provider, _) => new GoogleIdTokenSigner(provider.GetRequiredService<DefaultCredential>()));
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
