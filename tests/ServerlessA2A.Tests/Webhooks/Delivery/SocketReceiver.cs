using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

/// <summary>A webhook's receiver that says byte by byte what a test wants, also what no server would.</summary>
public sealed class SocketReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<ReceivedConnection, Task> _serve;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _served = [];
    private readonly Task _accepting;
    private int _connections;

    private SocketReceiver(IPAddress address, Func<ReceivedConnection, Task> serve)
    {
        _listener = new TcpListener(address, 0);
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>How many connections were made to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Serves each connection with what is given.</summary>
    public static SocketReceiver Start(Func<ReceivedConnection, Task> serve, string address = "127.0.0.1") =>
        new(IPAddress.Parse(address), serve);

    /// <summary>Serves each connection with the same answer to each request.</summary>
    public static SocketReceiver Answering(string answer) => Start(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
            await connection.WriteAsync(answer);
    });

    /// <summary>An address of this receiver's.</summary>
    public string Url(string host = "hooks.example.com", string path = "/in") => $"http://{host}:{Port}{path}";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_served);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                // First: it may be answered before serving it waits for anything.
                Interlocked.Increment(ref _connections);
                _served.Add(ServeAsync(client));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _serve(new ReceivedConnection(client.GetStream(), _stopping.Token));
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException)
            {
                // Stopped, or the sender has gone.
            }
        }
    }
}
