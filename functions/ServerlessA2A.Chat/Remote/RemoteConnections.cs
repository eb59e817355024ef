using System.Net.Sockets;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Chat.Remote;

/// <summary>
/// Where a remote agent's card may lead: the agent's own host, which the program names, and hosts of the internet, as for webhooks. Without
/// this a card could lead to the metadata server, or into the network of the program.
/// </summary>
internal sealed class RemoteConnections(Uri agent, GuardedConnections guarded)
{
    public SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = ConnectAsync,
    };

    private ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var address = context.InitialRequestMessage.RequestUri!;
        // Only credentials of the program's own ask the metadata server, and they say so.
        var isTrusted = (address.Host == agent.Host && address.Port == agent.Port) ||
            context.InitialRequestMessage.Headers.Contains("Metadata-Flavor");
        return isTrusted ? ConnectPlainAsync(context, cancellationToken) : guarded.ConnectAsync(context, cancellationToken);
    }

    private static async ValueTask<Stream> ConnectPlainAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
