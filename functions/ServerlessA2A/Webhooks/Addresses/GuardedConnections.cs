using System.Net;
using System.Net.Sockets;

namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>
/// Makes connections to webhooks. The name is looked up once more, and the connection goes to an address that was found and checked here:
/// nobody looks it up after the check, so that nobody can give another answer then (DNS rebinding).
/// </summary>
internal sealed class GuardedConnections(AddressGuard guard, TimeProvider time)
{
    /// <summary>How long an address is tried while there are others.</summary>
    internal static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(5);

    /// <summary>Connects to the host of the request that the connection is made for.</summary>
    /// <exception cref="AddressRefusedException">The guard doesn't allow it, or nothing was found.</exception>
    /// <exception cref="SocketException">No address answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var address = context.InitialRequestMessage.RequestUri!;
        var check = await guard.CheckAsync(address, cancellationToken);
        if (check.Fault is not null)
            throw new AddressRefusedException(check);

        foreach (var leadsTo in check.Addresses.SkipLast(1))
        {
            using var limit = new CancellationTokenSource(TryLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                return await ConnectAsync(new IPEndPoint(leadsTo, address.Port), either.Token);
            }
            catch (Exception fault) when (
                fault is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // The next one may answer.
            }
        }

        return await ConnectAsync(new IPEndPoint(check.Addresses[^1], address.Port), cancellationToken);
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
