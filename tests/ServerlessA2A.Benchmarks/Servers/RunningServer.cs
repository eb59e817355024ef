using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServerlessA2A.Benchmarks.Client;

namespace ServerlessA2A.Benchmarks.Servers;

/// <summary>A server that was started here and is stopped here.</summary>
internal sealed class RunningServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly long _started;

    private RunningServer(ServerProgram program)
    {
        Address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = Pinning.Server(program.Assembly);
        start.WorkingDirectory = Path.GetDirectoryName(program.Assembly);
        foreach (var argument in program.Arguments)
            start.ArgumentList.Add(argument);
        start.RedirectStandardOutput = true;
        start.Environment["PORT"] = Address.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment.Remove("ASPNETCORE_URLS");
        foreach (var (name, value) in program.Variables)
            start.Environment[name] = value;
        _started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
    }

    /// <summary>Starts a program and waits until it answers a request.</summary>
    public static RunningServer Start(ServerProgram program, Request first) => Start(program, first, out _);

    /// <summary>The same, with the time from the start of the process to the whole answer.</summary>
    public static RunningServer Start(ServerProgram program, Request first, out TimeSpan untilAnswered)
    {
        var server = new RunningServer(program);
        try
        {
            using var connection = server.ConnectWhenListening();
            connection.Exchange(first);
            untilAnswered = Stopwatch.GetElapsedTime(server._started);
            // Only now: reading would take its time from the answer's.
            server.DiscardOutput();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts a program and waits until it listens.</summary>
    public static RunningServer StartListening(ServerProgram program)
    {
        var server = new RunningServer(program);
        server.DiscardOutput();
        try
        {
            server.ConnectWhenListening().Dispose();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public IPEndPoint Address { get; }

    /// <summary>The memory that the process has, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The processor time that the process has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public Connection Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(Address);
            return new Connection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void DiscardOutput() => _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

    private Connection ConnectWhenListening()
    {
        while (true)
        {
            try
            {
                return Connect();
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(_started) < Patience)
            {
                Thread.Sleep(1);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
