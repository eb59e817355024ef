using Grpc.Core;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>How often a call is tried, and after which failures once more. The waits are those of Google's clients: 100 ms, a third longer each time.</summary>
internal sealed record RetryPolicy(int Attempts, params StatusCode[] Codes)
{
    public static readonly RetryPolicy None = new(1);

    public async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromMilliseconds(100);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (attempt < Attempts && Codes.Contains(e.StatusCode))
            {
                await DelayAsync(wait * Random.Shared.NextDouble(), cancellationToken);
                wait *= 1.3;
            }
        }
    }

    private static async Task DelayAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw Failures.Of(e, cancellationToken);
        }
    }
}
