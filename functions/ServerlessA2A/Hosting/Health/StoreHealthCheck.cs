using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Hosting.Health;

/// <summary>Reads a task that does not exist: one document read, no write.</summary>
internal sealed class StoreHealthCheck(ITaskStore store) : IHealthCheck
{
    private const string NoTask = "a2a-health-check";

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await store.ReadAsync(owner: null, NoTask, cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
