using System.Threading.Channels;
using Google.Cloud.Firestore;
using Grpc.Core;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>Hears of new documents of a query, which are only ever added.</summary>
internal sealed class LogListener : IDisposable
{
    private readonly Channel<DocumentSnapshot> _added = Channel.CreateUnbounded<DocumentSnapshot>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FirestoreChangeListener _listener;

    /// <param name="calls">For what is told of a failure.</param>
    /// <param name="query">What is listened to.</param>
    /// <param name="what">For messages: what can't be done where listening fails.</param>
    public LogListener(FirestoreCalls calls, Query query, string what)
    {
        _listener = query.Listen(OnSnapshot, CancellationToken.None);
        _ = EndAsync(calls, what);
    }

    /// <summary>
    /// The documents that were added, when there are any; none when nothing was heard for that long; null when the wait is cancelled.
    /// </summary>
    /// <exception cref="TaskStoreException">Firestore does not go on.</exception>
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

    /// <summary>Listens no more. Not waited for: it may take the service a while to take notice, and nobody needs to know.</summary>
    public void Dispose() => _ = _listener.StopAsync(CancellationToken.None);

    /// <summary>Why a listener ended by itself.</summary>
    public static TaskStoreException Fault(FirestoreCalls calls, Task listening, string what) => listening.Exception?.InnerException switch
    {
        RpcException failure => calls.ToException(what, failure),
        var other => new TaskStoreException($"Firestore could not {what}: {other?.Message ?? "it ended"}", isTransient: true, other),
    };

    private Task OnSnapshot(QuerySnapshot snapshot, CancellationToken cancellationToken)
    {
        FirestoreMetrics.Read(Math.Max(1, snapshot.Changes.Count));
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
