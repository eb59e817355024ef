using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Hosting;

namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>What runs functions from the emulator of Pub/Sub. Nothing else in the local host names Google's clients, so they are loaded for this only.</summary>
internal static class EmulatorTriggers
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(_ => new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build());
        services.AddSingleton(_ => new SubscriberServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build());
        services.AddSingleton(provider => PubSubTrigger.All(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<EmulatorTopics>();
        services.AddHostedService<PullTrigger>();
        services.AddHostedService(provider =>
            new SweepSchedule(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<EmulatorTopics>().RequestSweepAsync));
    }
}
