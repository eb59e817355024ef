namespace ServerlessA2A.Tests.Support;

public static class Cancellations
{
    /// <summary>Ends when the token is cancelled.</summary>
    public static async Task WhenCanceledAsync(this CancellationToken cancellationToken)
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => canceled.TrySetResult());
        await canceled.Task.WithinLimit("the token is cancelled");
    }
}
