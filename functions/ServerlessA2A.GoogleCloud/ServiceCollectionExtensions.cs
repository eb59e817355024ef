using Google.Api.Gax;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Firestore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Notifications;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Notifications;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud;

/// <summary>Google Cloud in a service collection. What is registered before wins.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds the store in Firestore and the queue in Pub/Sub, configured by the section <c>A2A:GoogleCloud</c>; on the emulators where
    /// <c>FIRESTORE_EMULATOR_HOST</c> and <c>PUBSUB_EMULATOR_HOST</c> name them; and Google's ID tokens as signatures of webhooks, for who
    /// chooses them. Nothing is connected before it is needed.
    /// </summary>
    public static IServiceCollection AddGoogleCloudTasks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<GoogleCloudOptions>(options => options.Validate())
            .Bind(configuration.GetSection("A2A:GoogleCloud"))
            .PostConfigure(options => options.FindProject(configuration));

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITaskQueue, PubSubTaskQueue>();
        services.TryAddSingleton<INotificationQueue, PubSubNotificationQueue>();
        services.TryAddSingleton(provider => BuildDatabase(provider.GetRequiredService<IOptions<GoogleCloudOptions>>().Value));
        services.TryAddSingleton<FirestoreTaskStore>();
        services.TryAddSingleton<ITaskStore>(provider => provider.GetRequiredService<FirestoreTaskStore>());
        services.TryAddSingleton<INotificationStore>(provider => provider.GetRequiredService<FirestoreTaskStore>());
        services.TryAddKeyedSingleton<INotificationSigner>(
            NotificationSignature.GoogleIdToken, (_, _) => new GoogleIdTokenSigner(GoogleCredential.GetApplicationDefaultAsync));
        return services;
    }

    private static FirestoreDb BuildDatabase(GoogleCloudOptions options) => new FirestoreDbBuilder
    {
        ProjectId = options.ProjectId,
        DatabaseId = options.DatabaseId,
        EmulatorDetection = EmulatorDetection.EmulatorOrProduction,
    }.Build();
}
