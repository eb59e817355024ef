using System.Diagnostics;

namespace ServerlessA2A.Benchmarks.Servers;

/// <summary>
/// Which core a process has. The runtime counts its cores when it starts, so a process is pinned before that: by taskset.
/// </summary>
internal static class Pinning
{
    private const string Marker = "SERVERLESSA2A_BENCHMARKS_PINNED";
    private const int ServerCore = 0;
    private const int ClientCore = 1;

    public static bool IsPinned { get; } = Environment.GetEnvironmentVariable(Marker) == "1";

    /// <summary>Runs this program again, on its core. Null where that is done already, or can't be.</summary>
    public static async Task<int?> RunPinnedAsync(string[] args)
    {
        if (IsPinned || Environment.ProcessorCount < 2 || !File.Exists("/usr/bin/taskset"))
            return null;
        string[] command = ["dotnet", typeof(Pinning).Assembly.Location, .. args];
        var start = new ProcessStartInfo("/usr/bin/taskset", ["-c", $"{ClientCore}", .. command]) { Environment = { [Marker] = "1" } };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>How to start a server, on its core if this program has one.</summary>
    public static ProcessStartInfo Server(string assembly, string program = "dotnet") => IsPinned
        ? new("/usr/bin/taskset", ["-c", $"{ServerCore}", program, assembly])
        : new(program, [assembly]);

    /// <summary>How to start a client beside this one, on this one's core, that never keeps it waiting.</summary>
    public static ProcessStartInfo Background(string assembly) =>
        File.Exists("/usr/bin/nice") ? new("/usr/bin/nice", ["-n", "19", "dotnet", assembly]) : new("dotnet", [assembly]);
}
