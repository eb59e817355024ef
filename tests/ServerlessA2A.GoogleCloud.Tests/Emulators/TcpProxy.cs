using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ServerlessA2A.GoogleCloud.Tests.Emulators;

/// <summary>
/// A way to an emulator that can be cut: <see cref="Drop"/> ends what is connected, <see cref="IsRefusing"/> what would be.
/// </summary>
public sealed class TcpProxy : IDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, bool> open = new();
    private readonly IPEndPoint target;

    /// <param name="host">The emulator's host and port.</param>
    /// <param name="isOpen">False: nothing takes connections until <see cref="Open"/>.</param>
    public TcpProxy(string host, bool isOpen = true)
    {
        target = IPEndPoint.Parse(host);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (isOpen)
            Open();
    }

    /// <summary>Host and port.</summary>
    public string Host => $"{listener.LocalEndPoint}";

    public bool IsRefusing { get; set; }

    /// <summary>What becomes of a request; asked for each of them.</summary>
    public Func<Fate> NextFate { get; set; } = static () => Fate.Arrives;

    /// <summary>What may become of a request.</summary>
    public enum Fate
    {
        /// <summary>It arrives, and is answered.</summary>
        Arrives,

        /// <summary>It never arrives: the connection is cut before.</summary>
        RequestLost,

        /// <summary>It arrives and takes effect: the connection is cut when the answer comes.</summary>
        AnswerLost,
    }

    public void Open()
    {
        listener.Listen();
        _ = AcceptAsync();
    }

    public void Drop()
    {
        foreach (var socket in open.Keys)
            Close(socket);
    }

    public void Dispose()
    {
        listener.Dispose();
        Drop();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
                client.NoDelay = true;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            open[client] = true;
            if (IsRefusing)
                Close(client);
            else
                _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        open[server] = true;
        try
        {
            await server.ConnectAsync(target);
            var (requests, answers) = (new HttpFrames(HttpFrames.Preface), new HttpFrames(0));
            var unanswered = new ConcurrentDictionary<int, bool>();
            await Task.WhenAny(
                PumpAsync(client, server, bytes => requests.Read(bytes).All(stream =>
                {
                    var fate = NextFate();
                    if (fate == Fate.AnswerLost)
                        unanswered[stream] = true;
                    return fate != Fate.RequestLost;
                })),
                PumpAsync(server, client, bytes => !answers.Read(bytes).Any(unanswered.ContainsKey)));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // As it is with the emulator: closed.
        }
        Close(client);
        Close(server);
    }

    private static async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, bool> mayPass)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0 && mayPass(buffer.AsMemory(0, read));)
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private void Close(Socket socket)
    {
        if (!open.TryRemove(socket, out _))
            return;
        // A reset, as when a process or a machine on the way is gone.
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
