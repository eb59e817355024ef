using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Hosting;

namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>
/// Runs functions from the Pub/Sub emulator. Only this class of the local host uses Google's clients, so that they load only when used.
/// </summary>
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
            new SweepSchedule(
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<EmulatorTopics>().RequestSweepAsync));
    }
}
