using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ServerlessA2A.Functions.Local.PostgreSql;

/// <summary>
/// A PostgreSQL server that this process started in a temporary folder. A shell between the two ends it, and deletes the folder, when its
/// standard input closes: when it is disposed of, and when this process dies in whatever way.
/// </summary>
internal sealed class PostgreSqlProcess : IAsyncDisposable
{
    private const string User = "a2a";
    private const string ReadyLine = "database system is ready to accept connections";
    private const string PortTakenLine = "could not create any TCP/IP sockets";
    private const int Attempts = 3;
    private static readonly TimeSpan Startup = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The server refuses to run as root: then it runs as the user nobody. SIGINT ends it without waiting for its clients; a crash is a
    /// SIGQUIT. One that ended by another hand is started again on the same data.
    /// </summary>
    private const string Shell = """
        exec 3<&0
        folder=$1 bin=$2 port=$3; shift 3
        as() { "$@"; }
        if [ "$(id -u)" = 0 ]; then
            chown nobody "$folder" "$folder/password"
            as() { setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"; }
        fi
        cd "$folder" || exit 1
        export LC_ALL=C
        as "$bin/initdb" -D "$folder/data" -U a2a --pwfile="$folder/password" --auth=scram-sha-256 -E UTF8 --locale=C --no-sync >/dev/null </dev/null 3<&- || exit 1
        {
            cat <&3
            touch "$folder/over"
            for i in $(seq 100); do
                read -r server < "$folder/data/postmaster.pid" && kill -INT "$server" && sleep 0.1 || break
            done
            rm -rf "$folder"
        } >/dev/null 2>&1 &
        while [ ! -e "$folder/over" ] && [ -d "$folder" ]; do
            as "$bin/postgres" -D "$folder/data" -k "$folder" -h 127.0.0.1 -p "$port" "$@" </dev/null 3<&-
            sleep 0.1
        done
        wait
        """;

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private readonly string _folder;
    private readonly TaskCompletionSource _portTaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PostgreSqlProcess(string bin, IReadOnlyList<string> arguments)
    {
        _folder = Directory.CreateTempSubdirectory("a2a-postgres-").FullName;
        Port = FreePort();
        Password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        File.WriteAllText(Path.Combine(_folder, "password"), Password);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("/bin/sh", ["-c", Shell, "postgres", _folder, bin, $"{Port}", .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += OnLine;
        _process.ErrorDataReceived += OnLine;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The password of the user <c>a2a</c>, who may do everything.</summary>
    public string Password { get; }

    /// <summary>Npgsql's connection string.</summary>
    /// <param name="port">Another port, such as a proxy's; 0 for the server's own.</param>
    /// <param name="database">The database.</param>
    public string ConnectionString(int port = 0, string database = "postgres") =>
        $"Host=127.0.0.1;Port={(port == 0 ? Port : port)};Database={database};Username={User};Password={Password};SSL Mode=Disable";

    /// <summary>
    /// The folder with the server's programs; or, as <paramref name="missing"/>, a line that says how they are installed.
    /// </summary>
    public static string? Find(out string? missing)
    {
        missing = null;
        string[] folders =
        [
            .. VersionsIn("/usr/lib/postgresql", "bin"), .. VersionsIn("/usr", "bin", "pgsql-"),
            .. VersionsIn("/opt/homebrew/opt", "bin", "postgresql@"),
            .. VersionsIn("/usr/local/opt", "bin", "postgresql@"), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'),
        ];
        if (Array.Find(
            folders, folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"))) is { } found)
            return found;
        missing = "PostgreSQL 15 or later is not installed (apt-get install postgresql, or brew install postgresql@17). To use a server " +
            "that runs already, set A2A__PostgreSql__ConnectionString.";
        return null;
    }

    /// <summary>Starts a server with an empty database cluster.</summary>
    /// <param name="bin">What was found.</param>
    /// <param name="arguments">Further arguments of the server.</param>
    public static async Task<PostgreSqlProcess> StartAsync(string bin, params IReadOnlyList<string> arguments)
    {
        // Nothing of it outlives this process, so nothing has to reach the disk.
        arguments = arguments.Count > 0 ? arguments : ["-c", "fsync=off", "-c", "max_connections=200"];
        for (var attempt = 1; ; attempt++)
        {
            var server = new PostgreSqlProcess(bin, arguments);
            try
            {
                await server.WaitUntilReadyAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < Attempts && server._portTaken.Task.IsCompleted)
            {
                // Another process has taken the port while the cluster was made.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Ends the server at once, as a crash does, and waits until it has recovered.</summary>
    public async Task RestartAsync()
    {
        _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = (await File.ReadAllLinesAsync(Path.Combine(_folder, "data", "postmaster.pid")))[0];
        using var kill = Process.Start("kill", ["-QUIT", process]);
        await kill.WaitForExitAsync();
        await WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_ready.Task, _portTaken.Task, ended, Task.Delay(Startup)) != _ready.Task)
        {
            lock (_lastLines)
                throw new InvalidOperationException($"PostgreSQL did not start:\n{string.Join('\n', _lastLines)}");
        }
    }

    private void OnLine(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not { } line)
            return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 30)
                _lastLines.Dequeue();
        }

        if (line.Contains(ReadyLine, StringComparison.Ordinal))
            _ready.TrySetResult();
        else if (line.Contains(PortTakenLine, StringComparison.Ordinal))
            _portTaken.TrySetResult();
    }

    private static IEnumerable<string> VersionsIn(string folder, string bin, string prefix = "") => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateDirectories(folder, prefix + "*")
            .Select(version =>
                (Folder: Path.Combine(version, bin), Number: int.TryParse(Path.GetFileName(version)[prefix.Length..], out var number)
                ? number : 0))
            .Where(version => version.Number >= 15).OrderByDescending(version => version.Number).Select(version => version.Folder);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
