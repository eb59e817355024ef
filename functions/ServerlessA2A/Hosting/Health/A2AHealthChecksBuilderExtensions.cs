using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.Hosting.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the engine's health checks.</summary>
public static class A2AHealthChecksBuilderExtensions
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the checks <c>a2a-store</c> (the store answers a read), <c>a2a-queue</c> (the queue is reachable) and <c>a2a-signing-keys</c>
    /// (each key can be read, and there is one if webhooks are signed with it). A result is reused for 10 seconds.
    /// </summary>
    /// <param name="builder">The health checks of the application.</param>
    /// <param name="failureStatus">The status of a failed check. Default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the checks, for endpoints that select by tag.</param>
    /// <param name="timeout">The time limit of each check. Default: 5 seconds.</param>
    public static IHealthChecksBuilder AddA2A(
        this IHealthChecksBuilder builder, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IReadOnlyList<string> all = [.. tags ?? []];
        return builder
            .AddRecent<StoreHealthCheck>(HealthCheckNames.Store, failureStatus, all, timeout ?? DefaultTimeout)
            .AddRecent<QueueHealthCheck>(HealthCheckNames.Queue, failureStatus, all, timeout ?? DefaultTimeout)
            .AddRecent<SigningKeysHealthCheck>(HealthCheckNames.SigningKeys, failureStatus, all, timeout ?? DefaultTimeout);
    }

    /// <summary>Adds a check as a singleton, because it caches its result.</summary>
    private static IHealthChecksBuilder AddRecent<TCheck>(
        this IHealthChecksBuilder builder, string name, HealthStatus? failureStatus, IReadOnlyList<string> tags, TimeSpan timeout)
        where TCheck : class, IHealthCheck
    {
        builder.Services.TryAddSingleton<TCheck>();
        builder.Services.TryAddSingleton<RecentHealthCheck<TCheck>>();
        return builder.AddCheck<RecentHealthCheck<TCheck>>(name, failureStatus, tags, timeout);
    }
}
