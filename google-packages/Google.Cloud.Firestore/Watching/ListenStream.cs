using Google.Api.Gax.Grpc.Transport;

namespace Google.Cloud.Firestore;

/// <summary>
/// A Listen stream with one target at a time, each under a number of its own.
/// </summary>
/// <remarks>
/// The emulator tells listeners of a commit within that commit. Where one of their streams was reset just then, the commit fails with
/// Cancelled, after it took effect, and other listeners do not hear of it. So on the emulator a stream outlives its target and serves the
/// next one; elsewhere it ends with it, as in Google's client.
/// </remarks>
internal sealed class ListenStream : IAsyncDisposable
{
    private const int MostIdle = 256;
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1);

    private readonly FirestoreDb database;
    private readonly GrpcStream stream;
    private Task<ReadOnlyMemory<byte>?>? reading;

    private ListenStream(FirestoreDb database, GrpcStream stream) => (this.database, this.stream) = (database, stream);

    /// <summary>The number of the target, in all messages about it.</summary>
    public int Target { get; private set; } = 1;

    public static async Task<ListenStream> OpenAsync(
        FirestoreDb database, Action<MessageWriter> target, byte[]? resumeToken, CancellationToken cancellationToken)
    {
        if (database.IdleStreams.TryTake(out var idle))
        {
            idle.Target++;
            idle.stream.Send(WatchTarget.Request(database, target, idle.Target, resumeToken));
            return idle;
        }

        var first = await GrpcStream.OpenAsync(
            database.Connection,
            "/google.firestore.v1.Firestore/Listen",
            WatchTarget.Request(database, target, 1, resumeToken),
            [KeyValuePair.Create("google-cloud-resource-prefix", database.RootPath)],
            cancellationToken);
        return new(database, first);
    }

    /// <summary>The next message, valid until the one after it is asked for; null when the service ended the stream well.</summary>
    /// <param name="cancellationToken">Ends the wait. The reading itself is never cancelled: that would reset the stream.</param>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        reading ??= stream.ReadAsync(CancellationToken.None).AsTask();
        var message = await reading.WaitAsync(cancellationToken);
        reading = null;
        return message;
    }

    /// <summary>Asks to be told no more, and ends the stream or lets it wait for the next target.</summary>
    public async Task LeaveAsync()
    {
        stream.Send(WatchTarget.Farewell(database, Target));
        using var patience = new CancellationTokenSource(FarewellTime);
        try
        {
            while (await ReadAsync(patience.Token) is { } message)
            {
                if (!WatchTarget.IsRemoval(message.Span, Target))
                    continue;
                if (!database.Connection.IsEmulator || database.IdleStreams.Count >= MostIdle)
                    break;
                database.IdleStreams.Add(this);
                return;
            }
        }
        catch (Exception e) when (e is Grpc.Core.RpcException or OperationCanceledException or InvalidDataException)
        {
            // It is over in any case.
        }

        await DisposeAsync();
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
