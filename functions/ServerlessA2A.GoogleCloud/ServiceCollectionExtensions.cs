using Google.Api.Gax;
using Google.Cloud.Firestore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud;

/// <summary>Google Cloud in a service collection. What is registered before wins.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds the store in Firestore and the queue in Pub/Sub, configured by the section <c>A2A:GoogleCloud</c>; on the emulators where
    /// <c>FIRESTORE_EMULATOR_HOST</c> and <c>PUBSUB_EMULATOR_HOST</c> name them. Nothing is connected before it is needed.
    /// </summary>
    public static IServiceCollection AddGoogleCloudTasks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<GoogleCloudOptions>(options => options.Validate())
            .Bind(configuration.GetSection("A2A:GoogleCloud"))
            .PostConfigure(options => options.FindProject(configuration));

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITaskQueue, PubSubTaskQueue>();
        services.TryAddSingleton(provider => BuildDatabase(provider.GetRequiredService<IOptions<GoogleCloudOptions>>().Value));
        services.TryAddSingleton<ITaskStore, FirestoreTaskStore>();
        return services;
    }

    private static FirestoreDb BuildDatabase(GoogleCloudOptions options) => new FirestoreDbBuilder
    {
        ProjectId = options.ProjectId,
        DatabaseId = options.DatabaseId,
        EmulatorDetection = EmulatorDetection.EmulatorOrProduction,
    }.Build();
}
