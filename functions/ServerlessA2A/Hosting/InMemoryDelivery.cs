namespace ServerlessA2A.Hosting;

/// <summary>
/// Delivers the messages of an in-memory queue, in place of Pub/Sub: several at a time, each with a growing delay until it is acknowledged.
/// </summary>
internal static class InMemoryDelivery
{
    /// <summary>Delivers until the host stops.</summary>
    /// <param name="messages">The messages of the queue.</param>
    /// <param name="maxConcurrent">
    /// The number of deliveries in progress. A message that waits for its next delivery does not count: it must not block others.
    /// </param>
    /// <param name="deliver">Delivers a message for the first, second, … time, and returns whether it was acknowledged.</param>
    /// <param name="delay">The delay before the next delivery of a message.</param>
    /// <param name="time">The clock of the delays.</param>
    /// <param name="stopping">Cancelled when the host stops, which ends this without an error.</param>
    public static async Task RunAsync<T>(
        IAsyncEnumerable<T> messages, int maxConcurrent, Func<T, int, CancellationToken, Task<bool>> deliver, RedeliveryDelay delay,
        TimeProvider time,
        CancellationToken stopping)
    {
        using var slots = new SemaphoreSlim(maxConcurrent);
        var options = new ParallelOptions { MaxDegreeOfParallelism = int.MaxValue, CancellationToken = stopping };
        try
        {
            await Parallel.ForEachAsync(messages, options, async (message, cancellationToken) =>
            {
                for (var delivery = 1; !await DeliverAsync(message, delivery, cancellationToken); delivery++)
                    await Task.Delay(delay.After(delivery), time, cancellationToken);
            });
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host is stopping.
        }

        async Task<bool> DeliverAsync(T message, int delivery, CancellationToken cancellationToken)
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                return await deliver(message, delivery, cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }
    }
}
