using Microsoft.Extensions.Hosting;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>Runs what is queued, each task beside the others.</summary>
internal sealed class Worker(InMemoryTaskQueue queue, TaskRunner runner) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var request in queue.TakeAllAsync(stoppingToken))
                _ = Task.Run(() => runner.RunAsync(request, stoppingToken), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
