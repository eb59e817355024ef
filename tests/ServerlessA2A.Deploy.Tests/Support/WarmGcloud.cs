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
        if (exitCode != 0 || !OperatingSystem.IsLinux() || output.Trim().Split('\t') is not [var python, var sdk])
            return null;
        var start = Script.Piped(
            python, ["-S", Path.Combine(AppContext.BaseDirectory, "warm-gcloud.py"), Path.Combine(sdk, "lib", "gcloud.py")]);
        // What goes wrong before a command has its own files is in the log of the tests.
        start.RedirectStandardError = false;
        _server = Process.Start(start)!;
        if ((await _server.StandardOutput.ReadLineAsync())?.Split(' ') is not [var port, var word])
            return null;
        var folder = Directory.CreateTempSubdirectory("a2a-gcloud-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var client = Path.Combine(folder, "gcloud");
        // It starts thousands of times, and a shell starts in a sixth of Python's time. Nobody else may read the word.
        await File.WriteAllTextAsync(client, $$"""
            #!/bin/bash
            exec 8>&1 9<>/dev/tcp/127.0.0.1/{{port}} && echo {{word}} $$ >&9 && read -r -u 9 status
            exit "${status:-1}"

            """);
        File.SetUnixFileMode(client, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return folder;
    }
}
