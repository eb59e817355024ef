using Google.Protobuf;
using Grpc.Core;

namespace Google.Cloud.Firestore;

/// <summary>A Listen stream with one target at a time, each under a number of its own.</summary>
/// <remarks>
/// The emulator notifies listeners within the commit. If one of their streams is reset just then, the commit fails with Cancelled after it
/// took effect, and other listeners miss it. On the emulator a stream therefore outlives its target and serves the next one; elsewhere
/// it ends with it, as in Google's client. The request side is never just completed: the emulator keeps such a stream among its listeners,
/// and every later commit fails.
/// </remarks>
internal sealed class ListenStream : IDisposable
{
    private const int MostIdle = 256;
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1);

    private readonly FirestoreDb database;
    private readonly AsyncDuplexStreamingCall<V1.ListenRequest, V1.ListenResponse> call;
    private Task<bool>? reading;

    private ListenStream(FirestoreDb database) => (this.database, call) = (database, database.Client.Listen(database.ListenOptions()));

    /// <summary>The number of the target, in all messages about it.</summary>
    public int Target { get; private set; }

    public static async Task<ListenStream> OpenAsync(FirestoreDb database, V1.Target target, ByteString? resumeToken, CancellationToken cancellationToken)
    {
        var stream = database.IdleStreams.TryTake(out var idle) ? idle : new(database);
        try
        {
            var added = new V1.Target(target) { TargetId = ++stream.Target, ResumeToken = resumeToken ?? ByteString.Empty };
            await stream.SendAsync(new() { AddTarget = added }, cancellationToken);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next message; null when the service ended the stream without an error.</summary>
    /// <param name="cancellationToken">Ends the wait. The read itself is never canceled: that would reset the stream.</param>
    public async Task<V1.ListenResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        reading ??= call.ResponseStream.MoveNext(CancellationToken.None);
        var isMessage = await reading.WaitAsync(cancellationToken);
        reading = null;
        return isMessage ? call.ResponseStream.Current : null;
    }

    /// <summary>Removes the target, and ends the stream or keeps it for the next target.</summary>
    public async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(FarewellTime);
        try
        {
            await SendAsync(new() { RemoveTarget = Target }, patience.Token);
            while (await ReadAsync(patience.Token) is { } message)
            {
                if (message.TargetChange is not { TargetChangeType: V1.TargetChange.Types.TargetChangeType.Remove } change || !change.TargetIds.Contains(Target))
                    continue;
                if (!database.IsEmulator || database.IdleStreams.Count >= MostIdle)
                    break;
                database.IdleStreams.Add(this);
                return;
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // The stream ends in any case.
        }

        Dispose();
    }

    public void Dispose() => call.Dispose();

    private async Task SendAsync(V1.ListenRequest request, CancellationToken cancellationToken)
    {
        request.Database = database.RootPath;
        try
        {
            await call.RequestStream.WriteAsync(request, CancellationToken.None).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // A write to a connection that is lost just then fails as the connection does, not as the call.
            throw new RpcException(new Status(StatusCode.Unavailable, "The service ended the stream.", e));
        }
    }
}
