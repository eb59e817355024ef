namespace Google.Cloud.Firestore;

/// <summary>An ongoing watch of a document or of a query's results.</summary>
public sealed class FirestoreChangeListener
{
    private readonly Watch watch;
    private int stopped;

    private FirestoreChangeListener(Watch watch)
    {
        this.watch = watch;
        ListenerTask = watch.RunAsync();
    }

    /// <summary>
    /// Ends when the watch does: well after <see cref="StopAsync"/>, cancelled after a cancellation by the caller, and faulted
    /// when the callback threw or the service will not go on.
    /// </summary>
    public Task ListenerTask { get; }

    internal static FirestoreChangeListener Start(
        Query query,
        V1.Target target,
        Func<CancellationToken, Task<IReadOnlyList<DocumentSnapshot>>> read,
        Func<QuerySnapshot, CancellationToken, Task> callback,
        CancellationToken cancellationToken) =>
        new(new Watch(query, target, read, callback, cancellationToken));

    /// <summary>Ends the watch after a callback that is under way; can be called once.</summary>
    /// <param name="cancellationToken">Cancels that callback.</param>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref stopped, 1) != 0)
            throw new InvalidOperationException($"{nameof(StopAsync)} can only be called once");
        watch.Stop(cancellationToken);
        return ListenerTask;
    }
}
