using Google.Api.Gax.Grpc.Transport;
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

    private static readonly TimeSpan FarewellTime = TimeSpan.FromMilliseconds(1000);
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(100);

    private readonly FirestoreDb database;
    private readonly Action<MessageWriter> target;
    private readonly WatchState state;
    private readonly Lock gate = new();

    // Cancelled by the caller, for the callback; and by a stop as well, for what waits for the service.
    private readonly CancellationTokenSource callbacks;
    private readonly CancellationTokenSource network;
    private CancellationTokenRegistration stopping;
    private bool finished;
    private GrpcStream? stream;
    private Task<ReadOnlyMemory<byte>?>? reading;
    private WatchBackoff backoff = new();

    public Watch(Query query, Action<MessageWriter> target, Func<QuerySnapshot, CancellationToken, Task> callback, CancellationToken cancellationToken)
    {
        (database, this.target) = (query.Database, target);
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
                var result = Read(await NextAsync());
                callbacks.Token.ThrowIfCancellationRequested();
                if (result == WatchResult.Reset)
                    await LeaveAsync();
                // On the emulator a reset is nothing unusual.
                if (result == WatchResult.Healthy || database.Connection.IsEmulator)
                    backoff = new();
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

    private async Task<ReadOnlyMemory<byte>> NextAsync()
    {
        while (true)
        {
            try
            {
                if (stream is null)
                {
                    await backoff.WaitAsync(network.Token);
                    // To a token the emulator answers with all documents, and a reset that comes out of order.
                    var token = database.Connection.IsEmulator ? null : state.ResumeToken;
                    stream = await GrpcStream.OpenAsync(
                        database.Connection,
                        "/google.firestore.v1.Firestore/Listen",
                        WatchTarget.Request(database, target, token),
                        [KeyValuePair.Create("google-cloud-resource-prefix", database.RootPath)],
                        network.Token);
                    state.OnStreamOpened(goesOn: token is not null);
                }
                if (await ReadAsync(stream).WaitAsync(network.Token) is { } message)
                {
                    reading = null;
                    return message;
                }
                // The service ends streams now and then.
                await CloseAsync();
                state.OnStreamBroken();
            }
            catch (RpcException e) when (Passing.Contains(e.StatusCode))
            {
                await CloseAsync();
                state.OnStreamBroken();
                if (e.StatusCode == StatusCode.ResourceExhausted)
                    backoff.Extend();
            }
        }
    }

    // Reading itself is never cancelled: that would reset the stream.
    private Task<ReadOnlyMemory<byte>?> ReadAsync(GrpcStream open) => reading ??= open.ReadAsync(CancellationToken.None).AsTask();

    // The emulator sends to listeners within somebody's commit. When one of them was reset just then, that commit fails with
    // Cancelled, after it took effect, and the other listeners do not hear of it. So the stream is reset when there is
    // nothing to be sent by it any more.
    private async Task LeaveAsync()
    {
        if (stream is not { } open)
            return;
        using var patience = new CancellationTokenSource(FarewellTime);
        try
        {
            if (database.Connection.IsEmulator)
                await UntilQuietAsync(open, patience.Token);
            open.Send(WatchTarget.Farewell(database));
            while (await ReadAsync(open).WaitAsync(patience.Token) is { } message && !WatchTarget.IsRemoval(message.Span))
                reading = null;
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidDataException)
        {
            // It is over in any case.
        }
        await CloseAsync();
    }

    // A listener that has heard of a commit is often one of several, and the others are told in turn: whoever leaves before the
    // last one has heard spoils it for them.
    private async Task UntilQuietAsync(GrpcStream open, CancellationToken patience)
    {
        try
        {
            while (await ReadAsync(open).WaitAsync(QuietTime, patience) is not null)
                reading = null;
        }
        catch (TimeoutException)
        {
            // Nothing is being told just now.
        }
    }

    // A message that cannot be read is a failure of its stream, as it is in a gRPC client.
    private WatchResult Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            return state.Read(message.Span);
        }
        catch (InvalidDataException)
        {
            state.OnStreamBroken();
            return WatchResult.Reset;
        }
    }

    private async Task CloseAsync()
    {
        if (stream is not { } open)
            return;
        (stream, reading) = (null, null);
        await open.DisposeAsync();
    }
}
