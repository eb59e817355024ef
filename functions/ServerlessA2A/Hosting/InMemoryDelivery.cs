namespace ServerlessA2A.Hosting;

/// <summary>
/// Delivers the messages of an in-memory queue, in place of Pub/Sub: several at a time, each with a growing delay until it is acknowledged.
/// </summary>
internal static class InMemoryDelivery
{
    /// <summary>Delivers until the host stops.</summary>
    /// <param name="requests">The requests of the queue.</param>
    /// <param name="toMessage">Makes the message that is delivered, the same each time, out of a request.</param>
    /// <param name="maxConcurrent">
    /// The number of deliveries in progress. A message that waits for its next delivery does not count: it must not block others.
    /// </param>
    /// <param name="deliver">Delivers a message for the first, second, … time, and returns whether it was acknowledged.</param>
    /// <param name="delay">The delay before the next delivery of a message.</param>
    /// <param name="time">The clock of the delays.</param>
    /// <param name="stopping">Cancelled when the host stops, which ends this without an error.</param>
    public static async Task RunAsync<TRequest, TMessage>(
        IAsyncEnumerable<TRequest> requests, Func<TRequest, TMessage> toMessage, int maxConcurrent,
        Func<TMessage, int, CancellationToken, Task<bool>> deliver, RedeliveryDelay delay, TimeProvider time, CancellationToken stopping)
    {
        using var slots = new SemaphoreSlim(maxConcurrent);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        // One for the reading of the queue, and one for each message that is not acknowledged yet.
        var (open, ended) = (1, new TaskCompletionSource());
        Exception? fault = null;
        try
        {
            await foreach (var request in requests.WithCancellation(ending.Token))
            {
                await slots.WaitAsync(ending.Token);
                Interlocked.Increment(ref open);
                _ = DeliverAsync(toMessage(request));
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The host is stopping.
        }
        finally
        {
            End();
        }

        await ended.Task;

        async Task DeliverAsync(TMessage message)
        {
            try
            {
                for (var delivery = 1; ; delivery++)
                {
                    var isDone = await deliver(message, delivery, ending.Token);
                    slots.Release();
                    if (isDone)
                        break;
                    await Task.Delay(delay.After(delivery), time, ending.Token);
                    await slots.WaitAsync(ending.Token);
                }
            }
            catch (Exception) when (ending.IsCancellationRequested)
            {
                // The host is stopping, which agents report as any exception, such as one of gRPC.
            }
            catch (Exception unexpected)
            {
                fault = unexpected;
                await ending.CancelAsync();
            }
            finally
            {
                End();
            }
        }

        void End()
        {
            if (Interlocked.Decrement(ref open) > 0)
                return;
            if (fault is null)
                ended.SetResult();
            else
                ended.SetException(fault);
        }
    }
}
