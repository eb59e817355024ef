using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Hosting.Health;

/// <summary>Turns what a check throws into its result.</summary>
internal static class HealthFault
{
    /// <summary>Checks within the check's time limit, also where what is checked does not heed it.</summary>
    public static async Task<HealthCheckResult> CatchAsync(HealthCheckContext context, Func<Task<HealthCheckResult>> check, CancellationToken cancellationToken)
    {
        try
        {
            return await check().WaitAsync(cancellationToken);
        }
        catch (TaskStoreException fault)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, fault.Message, fault);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host of the checks tells a check that was too slow from a client that has gone.
            throw;
        }
        catch (Exception fault)
        {
            // Of what others throw nobody knows whether it holds a secret. It is logged, not sent.
            return new HealthCheckResult(context.Registration.FailureStatus, $"{fault.GetType().Name}: see the log.", fault);
        }
    }
}
