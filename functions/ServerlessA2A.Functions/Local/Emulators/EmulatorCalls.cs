using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>Calls of the emulator of Pub/Sub that may fail, and must not end the host with it.</summary>
internal static class EmulatorCalls
{
    /// <summary>Calls, and answers whether that went well. That it did not is logged, unless the caller has cancelled it.</summary>
    public static async Task<bool> TryAsync(Func<CancellationToken, Task> call, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await call(cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException)
        {
            // Google's client tells of a call that has taken too long, and of one that was cancelled, in the one way or in the other.
            if (!cancellationToken.IsCancellationRequested)
                LocalLog.PubSubDoesNotAnswer(logger, (failure as RpcException)?.Status.Detail ?? failure.Message);
            return false;
        }
    }
}
