using System.Net.Sockets;
using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Chat.Remote;

/// <summary>
/// Where a remote agent's card may lead: the agent's own host, which the program names, and hosts of the internet, as for webhooks. Without
/// this a card could lead to the metadata server, or into the network of the program.
/// </summary>
internal sealed class RemoteConnections(Uri agent, GuardedConnections guarded)
{
    public HttpMessageHandler NewHandler() => new MetadataGate(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        // Through a proxy the guard would judge the proxy's address.
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = ConnectAsync,
        // As the client's own connections: detects dead connections of gRPC, and has as many streams as calls.
        KeepAlivePingDelay = TimeSpan.FromMinutes(6),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        EnableMultipleHttp2Connections = true,
    });

    private ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var request = context.InitialRequestMessage;
        var address = request.RequestUri!;
        var isTrusted = (address.Host == agent.Host && address.Port == agent.Port) || MetadataServer.Made(request);
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

    /// <summary>
    /// Only credentials of the program's own ask the metadata server. Checked for each request, since a request may use the connection
    /// that another one has made.
    /// </summary>
    private sealed class MetadataGate(SocketsHttpHandler connections) : DelegatingHandler(connections)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            MetadataServer.IsAt(request.RequestUri!) && !MetadataServer.Made(request)
                ? throw new HttpRequestException("The address is that of the metadata server, which is no agent.")
                : base.SendAsync(request, cancellationToken);
    }
}
