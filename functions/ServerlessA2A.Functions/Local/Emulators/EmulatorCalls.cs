using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>Calls to the Pub/Sub emulator whose failure must not end the host.</summary>
internal static class EmulatorCalls
{
    /// <summary>Makes a call and returns whether it succeeded. A failure is logged, unless the caller has cancelled the call.</summary>
    public static async Task<bool> TryAsync(Func<CancellationToken, Task> call, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await call(cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException)
        {
            // Google's client reports timeouts and cancellations by either exception.
            if (!cancellationToken.IsCancellationRequested)
                LocalLog.PubSubDoesNotAnswer(logger, (failure as RpcException)?.Status.Detail ?? failure.Message);
            return false;
        }
    }
}
