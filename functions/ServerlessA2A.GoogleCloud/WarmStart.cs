using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.Hosting;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud;

/// <summary>
/// Builds the clients and connects to Firestore while the host starts and the first request is read, which otherwise waits for both. Costs one
/// document read per process. A failure is silent: the first request meets it again, and reports it.
/// </summary>
internal sealed class WarmStart(ITaskStore store, GoogleClient<PublisherServiceApiClient> publisher) : BackgroundService
{
    private const string NoTask = "a2a-warm-start";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        TryAsync(async () => await store.ReadAsync(owner: null, NoTask, stoppingToken)),
        TryAsync(() => Task.FromResult(publisher.Get())));

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            // Both begin at once, and neither on the thread that starts the host.
            await Task.Run(act);
        }
        catch (Exception)
        {
            // The next caller of the client tries again.
        }
    }
}
