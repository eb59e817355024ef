using System.Diagnostics;

namespace ServerlessA2A.Deploy.Tests.Support;

/// <summary>
/// The installed gcloud without its start, which is most of what a command costs: <c>warm-gcloud.py</c> loads the modules and the parsers
/// of commands once and forks for each command. It is the first gcloud in the path. Where that cannot be, gcloud starts as usual.
/// </summary>
internal static class WarmGcloud
{
    private static readonly Lazy<Task<string?>> Started = new(StartAsync);

    /// <summary>Kept: it ends when its standard input does, which is with this process.</summary>
    private static Process? _server;

    /// <summary>What makes gcloud use it.</summary>
    public static async Task<IEnumerable<(string Name, string Value)>> EnvironmentAsync() =>
        await Started.Value is { } folder ? [("PATH", $"{folder}:{Environment.GetEnvironmentVariable("PATH")}")] : [];

    private static async Task<string?> StartAsync()
    {
        var (exitCode, output, _) = await Script.RunAsync(
            Script.Piped("gcloud", ["info", "--format=value(basic.python_location,installation.sdk_root)"]));
        if (exitCode != 0 || OperatingSystem.IsWindows() || output.Trim().Split('\t') is not [var python, var sdk])
            return null;
        var folder = Directory.CreateTempSubdirectory("a2a-gcloud-").FullName;
        var place = Path.Combine(folder, "socket");
        _server = Process.Start(
            Script.Piped(python,
            ["-S", Path.Combine(AppContext.BaseDirectory, "warm-gcloud.py"), place, Path.Combine(sdk, "lib", "gcloud.py")]))!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        if (await _server.StandardOutput.ReadLineAsync() != "ready")
            return null;
        var client = Path.Combine(folder, "gcloud");
        await File.WriteAllTextAsync(
            client, $"#!/bin/sh\nexec '{python}' -SE '{Path.Combine(AppContext.BaseDirectory, "warm-client.py")}' '{place}' \"$@\"\n");
        File.SetUnixFileMode(client, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return folder;
    }
}
