using Grpc.Core;

namespace Google.Cloud.Firestore;

/// <summary>Keeps a Listen stream open, through failures that pass, until it is stopped.</summary>
internal sealed class Watch
{
    private static readonly StatusCode[] Passing =
    [
        StatusCode.Aborted, StatusCode.Cancelled, StatusCode.Unknown, StatusCode.DeadlineExceeded,
        StatusCode.ResourceExhausted, StatusCode.Internal, StatusCode.Unavailable, StatusCode.Unauthenticated,
    ];

    private const int MostReads = 5;

    private readonly FirestoreDb database;
    private readonly V1.Target target;
    private readonly Func<CancellationToken, Task<IReadOnlyList<DocumentSnapshot>>> read;
    private readonly WatchState state;
    private readonly Lock gate = new();

    // Cancelled by the caller, for the callback; and by a stop as well, for what waits for the service.
    private readonly CancellationTokenSource callbacks;
    private readonly CancellationTokenSource network;
    private CancellationTokenRegistration stopping;
    private bool finished;
    private ListenStream? stream;
    private WatchBackoff backoff = new();

    public Watch(
        Query query,
        V1.Target target,
        Func<CancellationToken, Task<IReadOnlyList<DocumentSnapshot>>> read,
        Func<QuerySnapshot, CancellationToken, Task> callback,
        CancellationToken cancellationToken)
    {
        (database, this.target, this.read) = (query.Database, target, read);
        state = new(query, callback);
        callbacks = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        network = CancellationTokenSource.CreateLinkedTokenSource(callbacks.Token);
    }

    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var result = state.Read(await NextAsync());
                callbacks.Token.ThrowIfCancellationRequested();
                if (result == WatchResult.Reset)
                    await LeaveAsync();
                // On the emulator a reset is nothing unusual.
                if (result == WatchResult.Healthy || database.IsEmulator)
                    backoff = new();
                if (state.AwaitsCheck)
                    state.Check(await FoundAsync());
                if (state.TakeSnapshot() is { } snapshot)
                    await state.Callback(snapshot, callbacks.Token);
            }
        }
        catch (OperationCanceledException) when (!callbacks.IsCancellationRequested)
        {
            // Stopped; or by the callback itself, which is as good.
        }
        finally
        {
            await LeaveAsync();
            lock (gate)
            {
                finished = true;
                stopping.Dispose();
                network.Dispose();
                callbacks.Dispose();
            }
        }
    }

    public void Stop(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (finished)
                return;
            // The callback's cancellation may run through the end of RunAsync, which takes the lock: never under it here.
            if (cancellationToken.CanBeCanceled)
                stopping = cancellationToken.UnsafeRegister(static watch => _ = ((Watch)watch!).callbacks.CancelAsync(), this);
            _ = network.CancelAsync();
        }
    }

    private async Task<V1.ListenResponse> NextAsync()
    {
        while (true)
        {
            try
            {
                if (stream is null)
                {
                    await backoff.WaitAsync(network.Token);
                    // The emulator answers a token with all documents, and a reset that comes out of order.
                    var token = database.IsEmulator ? null : state.ResumeToken;
                    stream = await ListenStream.OpenAsync(database, target, token, network.Token);
                    state.OnStreamOpened(stream.Target, goesOn: token is not null);
                }
                if (await stream.ReadAsync(network.Token) is { } message)
                    return message;
                // The service ends streams now and then.
                Close();
                state.OnStreamBroken();
            }
            catch (RpcException e) when (Passing.Contains(e.StatusCode))
            {
                Close();
                state.OnStreamBroken();
                if (e.StatusCode == StatusCode.ResourceExhausted)
                    backoff.Extend();
            }
            catch (OperationCanceledException) when (!network.IsCancellationRequested)
            {
                // Nobody has stopped this: a write may end so when its connection is lost first.
                Close();
                state.OnStreamBroken();
            }
        }
    }

    private async Task<IReadOnlyList<DocumentSnapshot>?> FoundAsync()
    {
        try
        {
            var found = await read(network.Token);
            // The emulator answers a query in the middle of a commit too. What may be a part of one is read until two answers are the same.
            for (var (isSame, reads) = (false, 1); !isSame && reads < MostReads && state.MayBeInPart(found); reads++)
            {
                var before = found.Select(document => (document.Reference.Path, document.UpdateTime)).ToArray();
                found = await read(network.Token);
                isSame = before.SequenceEqual(found.Select(document => (document.Reference.Path, document.UpdateTime)));
            }
            return found;
        }
        catch (RpcException)
        {
            network.Token.ThrowIfCancellationRequested();
            return null;
        }
    }

    private async Task LeaveAsync()
    {
        if (stream is not { } open)
            return;
        stream = null;
        await open.LeaveAsync();
    }

    private void Close()
    {
        stream?.Dispose();
        stream = null;
    }
}
