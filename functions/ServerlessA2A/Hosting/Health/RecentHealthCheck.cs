using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Hosting.Health;

/// <summary>
/// Runs a check at most once in ten seconds for all requests, because the endpoint may be public and a check costs a read of the store. An
/// exception of the check becomes its result.
/// </summary>
internal sealed class RecentHealthCheck<TCheck>(TCheck check, TimeProvider time) : IHealthCheck
    where TCheck : IHealthCheck
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _last;
    private DateTimeOffset _endedAt;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Task<HealthCheckResult> current;
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && time.GetUtcNow() - _endedAt >= Age))
                _last = CheckAsync(context);
            current = _last;
        }

        return current.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Runs the check within its time limit, even if it ignores cancellation. It is not cancelled with the request: others wait for it too.
    /// </summary>
    private async Task<HealthCheckResult> CheckAsync(HealthCheckContext context)
    {
        var status = context.Registration.FailureStatus;
        using var limit = new CancellationTokenSource(context.Registration.Timeout);
        try
        {
            return await Task.Run(() => check.CheckHealthAsync(context, limit.Token), CancellationToken.None).WaitAsync(limit.Token);
        }
        catch (TaskStoreException fault)
        {
            return new HealthCheckResult(status, fault.Message, fault);
        }
        catch (OperationCanceledException fault) when (limit.IsCancellationRequested)
        {
            return new HealthCheckResult(status, $"No response within {context.Registration.Timeout}.", fault);
        }
        catch (Exception fault)
        {
            // A foreign exception may contain a secret. It is logged, not sent.
            return new HealthCheckResult(status, $"{fault.GetType().Name}: see the log.", fault);
        }
        finally
        {
            _endedAt = time.GetUtcNow();
        }
    }
}
