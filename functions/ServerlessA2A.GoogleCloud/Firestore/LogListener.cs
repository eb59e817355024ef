using System.Threading.Channels;
using Google.Cloud.Firestore;
using Grpc.Core;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>Receives the new documents of a query to which documents are only ever added.</summary>
internal sealed class LogListener : IDisposable
{
    private readonly Channel<DocumentSnapshot> _added = Channel.CreateUnbounded<DocumentSnapshot>(
        new UnboundedChannelOptions { SingleReader = true });
    private readonly FirestoreChangeListener _listener;

    /// <param name="calls">Creates the exceptions of failures.</param>
    /// <param name="query">The query.</param>
    /// <param name="what">The purpose, for messages.</param>
    public LogListener(FirestoreCalls calls, Query query, string what)
    {
        _listener = query.Listen(OnSnapshot, CancellationToken.None);
        _ = EndAsync(calls, what);
    }

    /// <summary>
    /// Waits for added documents. Empty if there were none within the time limit; null if the wait is cancelled.
    /// </summary>
    /// <exception cref="TaskStoreException">The listener failed.</exception>
    public async Task<IReadOnlyList<DocumentSnapshot>?> NextAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            if (!_added.Reader.TryPeek(out _))
            {
                over.CancelAfter(silence);
                if (!await _added.Reader.WaitToReadAsync(over.Token))
                    return null;
            }
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? null : [];
        }

        var documents = new List<DocumentSnapshot>();
        while (_added.Reader.TryRead(out var document))
            documents.Add(document);
        return documents;
    }

    /// <summary>
    /// Waits until there are added documents, or the listener has failed; not while <see cref="NextAsync"/> is in progress.
    /// </summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _added.Reader.WaitToReadAsync(cancellationToken).AsTask();

    /// <summary>Stops listening, without waiting for the service to confirm it.</summary>
    public void Dispose() => _ = _listener.StopAsync(CancellationToken.None);

    /// <summary>Why the listener ended.</summary>
    public static TaskStoreException Fault(FirestoreCalls calls, Task listening, string what) => listening.Exception?.InnerException switch
    {
        RpcException failure => calls.ToException(what, failure),
        var other => new TaskStoreException($"Firestore could not {what}: {other?.Message ?? "it ended"}", isTransient: true, other),
    };

    private Task OnSnapshot(QuerySnapshot snapshot, CancellationToken cancellationToken)
    {
        GoogleCloudTelemetry.Read(Math.Max(1, snapshot.Changes.Count));
        foreach (var change in snapshot.Changes)
        {
            if (change.ChangeType == DocumentChange.Type.Added)
                _added.Writer.TryWrite(change.Document);
        }

        return Task.CompletedTask;
    }

    private async Task EndAsync(FirestoreCalls calls, string what)
    {
        await _listener.ListenerTask.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _added.Writer.TryComplete(_listener.ListenerTask.IsFaulted ? Fault(calls, _listener.ListenerTask, what) : null);
    }
}
