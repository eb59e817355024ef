using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Hosting.Health;

/// <summary>
/// Makes a check once for all who ask within ten seconds: anybody may ask, and a check costs a read of the store. It turns what the check throws
/// into its result.
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

    /// <summary>Checks within the check's time limit, also where what is checked does not heed it. Whoever has asked may go: others wait for it too.</summary>
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
            return new HealthCheckResult(status, $"No answer within {context.Registration.Timeout}.", fault);
        }
        catch (Exception fault)
        {
            // Of what others throw nobody knows whether it holds a secret. It is logged, not sent.
            return new HealthCheckResult(status, $"{fault.GetType().Name}: see the log.", fault);
        }
        finally
        {
            _endedAt = time.GetUtcNow();
        }
    }
}
