using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ServerlessA2A.PostgreSql.Tests.Servers;

/// <summary>
/// A way to a server that loses requests and answers, cuts connections, or keeps notifications back as a pooler in transaction mode does.
/// </summary>
public sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly int _target;

    /// <param name="target">The server's port on this machine.</param>
    public TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>What may become of a request: what the client sends up to a Sync.</summary>
    public enum Fate
    {
        /// <summary>It arrives, and is answered.</summary>
        Arrives,

        /// <summary>It never arrives: the connection is cut before.</summary>
        RequestLost,

        /// <summary>It arrives and takes effect: the connection is cut when the answer comes.</summary>
        AnswerLost,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool IsRefusing { get; set; }

    public bool KeepsNotificationsBack { get; set; }

    /// <summary>What becomes of a request; asked for each of them.</summary>
    public Func<Fate> NextFate { get; set; } = static () => Fate.Arrives;

    public void Drop()
    {
        foreach (var socket in _open.Keys)
            Close(socket);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Drop();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
                client.NoDelay = true;
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }

            _open[client] = true;
            if (IsRefusing)
                Close(client);
            else
                _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _open[server] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            var isAnswerLost = false;
            await Task.WhenAny(
                PumpAsync(client, server, new Messages(startsWithoutType: true), type =>
                {
                    var fate = type is (byte)'S' or (byte)'Q' ? NextFate() : Fate.Arrives;
                    isAnswerLost |= fate == Fate.AnswerLost;
                    return fate == Fate.RequestLost ? Passage.Cut : Passage.Pass;
                }),
                PumpAsync(server, client, new Messages(startsWithoutType: false), type =>
                    Volatile.Read(ref isAnswerLost) ? Passage.Cut : type == (byte)'A' && KeepsNotificationsBack ? Passage.Skip
                        : Passage.Pass));
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // As it is with the server: closed.
        }

        Close(client);
        Close(server);
    }

    private static async Task PumpAsync(Socket from, Socket to, Messages messages, Func<byte, Passage> judge)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
            {
                foreach (var message in messages.Read(buffer.AsSpan(0, read)))
                {
                    var passage = judge(message.Type);
                    if (passage == Passage.Cut)
                        return;
                    for (var sent = 0; passage == Passage.Pass && sent < message.Bytes.Length;)
                        sent += await to.SendAsync(message.Bytes.AsMemory(sent));
                }
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private void Close(Socket socket)
    {
        if (!_open.TryRemove(socket, out _))
            return;
        // A reset, as when a process or a machine on the way is gone.
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    private enum Passage
    {
        Pass,
        Skip,
        Cut,
    }

    /// <summary>
    /// PostgreSQL's messages in one direction: a type, a length that counts itself, and a body. A client's first one has no type.
    /// </summary>
    private sealed class Messages(bool startsWithoutType)
    {
        private readonly List<byte> _rest = [];
        private bool _hasType = !startsWithoutType;

        public List<(byte Type, byte[] Bytes)> Read(ReadOnlySpan<byte> bytes)
        {
            _rest.AddRange(bytes);
            var messages = new List<(byte, byte[])>();
            var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rest);
            var taken = 0;
            while (true)
            {
                var head = _hasType ? 1 : 0;
                if (all.Length - taken < head + 4)
                    break;
                var length = head + BinaryPrimitives.ReadInt32BigEndian(all[(taken + head)..]);
                if (all.Length - taken < length)
                    break;
                messages.Add((_hasType ? all[taken] : (byte)0, all.Slice(taken, length).ToArray()));
                taken += length;
                _hasType = true;
            }

            _rest.RemoveRange(0, taken);
            return messages;
        }
    }
}
