using System.Diagnostics;

namespace ServerlessA2A.Deploy.Tests.Support;

/// <summary>
/// The installed gcloud without its start, most of which is Python loading modules: <c>warm-gcloud.py</c> loads them once and forks for
/// each command. gcloud's own launcher starts it as its Python. Where that cannot be, gcloud starts as usual.
/// </summary>
internal static class WarmGcloud
{
    private static readonly Lazy<Task<string?>> Started = new(StartAsync);

    /// <summary>Kept: it ends when its standard input does, which is with this process.</summary>
    private static Process? _server;

    /// <summary>What makes gcloud use it.</summary>
    public static async Task<IEnumerable<(string Name, string Value)>> EnvironmentAsync() =>
        await Started.Value is { } python ? [("CLOUDSDK_PYTHON", python)] : [];

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
        var client = Path.Combine(folder, "python");
        await File.WriteAllTextAsync(
            client, $"#!/bin/sh\nexec '{python}' -SE '{Path.Combine(AppContext.BaseDirectory, "warm-python.py")}' '{place}' \"$@\"\n");
        File.SetUnixFileMode(client, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return client;
    }
}
