using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.Agents;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Hosting.Health;

/// <summary>
/// Checks the queues: that of runs, and that of notifications if an agent offers webhooks. A queue that can check itself is an
/// <see cref="IHealthCheck"/>; any other is healthy.
/// </summary>
internal sealed class QueueHealthCheck(ITaskQueue runs, IDeliveryQueue deliveries, HostedAgents agents) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        object[] queues = agents.All.Any(agent => agent.Cards.PushNotifications) ? [runs, deliveries] : [runs];
        var results = await Task.WhenAll(queues.OfType<IHealthCheck>().Select(queue => queue.CheckHealthAsync(context, cancellationToken)));
        // The worse of the two states; the enumeration is ordered worst first.
        return results.Length == 0 ? HealthCheckResult.Healthy() : results.MinBy(result => result.Status);
    }
}
