using System.ComponentModel;
using System.Diagnostics;

namespace ServerlessA2A.Functions.Tests.Interop;

/// <summary>
/// The scripts of tests/interop, on Node.js, with the packages of the lock file: installed once, by whichever test comes first.
/// </summary>
internal static class NodeScripts
{
    /// <summary>What the SDK for 1.0 asks for.</summary>
    private const int OldestNode = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<string?>> Prepared = new(PrepareAsync);

    /// <summary>Why scripts can't run on this machine; null where they can.</summary>
    public static Task<string?> MissingAsync() => Prepared.Value;

    /// <summary>Skips a test for what is missing; where nothing is to be skipped it fails.</summary>
    public static void Require(string? missing)
    {
        if (Environment.GetEnvironmentVariable("REQUIRE_EMULATORS") == "1")
            Assert.True(missing is null, missing);
        Skip.IfNot(missing is null, missing);
    }

    /// <summary>How a program is started in the folder of the scripts, with its output and errors to read.</summary>
    public static ProcessStartInfo StartInfo(string program, params string[] arguments) => new(program, arguments)
    {
        WorkingDirectory = Row.Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>Runs a program in the folder of the scripts to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using var process = new Process { StartInfo = StartInfo(program, arguments) };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await errors);
    }

    private static async Task<string?> PrepareAsync()
    {
        var missing = await WhatIsMissingAsync();
        if (missing is null)
            await Task.Run(Install);
        return missing;
    }

    /// <summary>
    /// npm notes in node_modules which lock file it has installed. Tests of other projects, which run at the same time, wait for it.
    /// </summary>
    private static void Install()
    {
        using var turn = new Mutex(initiallyOwned: false, "serverless-a2a-interop");
        turn.WaitOne();
        try
        {
            var installed = new FileInfo(Path.Combine(Row.Folder, "node_modules", ".package-lock.json"));
            var wanted = new FileInfo(Path.Combine(Row.Folder, "package-lock.json"));
            if (installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc)
                return;
            // Not awaited: a mutex belongs to a thread.
            var (exitCode, output, errors) = RunAsync("npm", "ci").GetAwaiter().GetResult();
            if (exitCode != 0)
                throw new InvalidOperationException($"npm ci in tests/interop failed with exit code {exitCode}.\n{output}\n{errors}");
        }
        finally
        {
            turn.ReleaseMutex();
        }
    }

    private static async Task<string?> WhatIsMissingAsync()
    {
        const string Consequence = "the scripts of tests/interop were not run.";
        try
        {
            await RunAsync("npm", "--version");
            var version = (await RunAsync("node", "--version")).Output.Trim();
            return Version.TryParse(version.TrimStart('v'), out var found) && found.Major >= OldestNode
                ? null
                : $"Node.js {OldestNode} is needed, here is {version}: {Consequence}";
        }
        catch (Win32Exception)
        {
            return $"Node.js and npm are not installed: {Consequence}";
        }
    }
}
