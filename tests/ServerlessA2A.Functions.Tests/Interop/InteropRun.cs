using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Interop;

/// <summary>
/// All rows of the published clients, once: installs what the lock file names if it is not there, starts the program, runs them, and ends
/// the program.
/// </summary>
public sealed class InteropRun : IAsyncLifetime
{
    /// <summary>What the SDK for 1.0 asks for.</summary>
    private const int OldestNode = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string?> _errors = [];

    /// <summary>Why the rows could not run on this machine; null where they could.</summary>
    public string? Missing { get; private set; }

    /// <summary>What the runner complained about on standard error.</summary>
    internal string Complaints { get; private set; } = "";

    /// <summary>The program, which has ended.</summary>
    internal RunningProgram? Program { get; private set; }

    /// <summary>The exit code of the program.</summary>
    internal int ExitCode { get; private set; }

    public async Task InitializeAsync()
    {
        Missing = await WhatIsMissingAsync();
        if (Missing is not null)
            return;

        await InstallAsync();
        Program = RunningProgram.Start(Programs.Functions, target: null, ("A2A__Agent__PushNotifications", "true"));
        var address = await Program.AddressAsync();
        var (_, output, complaints) = await RunAsync("node", "run.mjs", address.AbsoluteUri);
        ExitCode = await Program.StopAsync();
        Complaints = complaints;
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var result = JsonDocument.Parse(line);
            _errors[result.RootElement.GetProperty("row").GetString()!] =
                result.RootElement.GetProperty("ok").GetBoolean() ? null : result.RootElement.GetProperty("error").GetString();
        }
    }

    /// <summary>What went wrong in a row; null for nothing.</summary>
    public string? ErrorOf(string row) => _errors.TryGetValue(row, out var error) ? error : $"The runner said nothing about this row. {Complaints}";

    public async Task DisposeAsync()
    {
        if (Program is not null)
            await Program.DisposeAsync();
    }

    /// <summary>npm notes in node_modules which lock file it has installed.</summary>
    private static async Task InstallAsync()
    {
        var installed = new FileInfo(Path.Combine(Row.Folder, "node_modules", ".package-lock.json"));
        var wanted = new FileInfo(Path.Combine(Row.Folder, "package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc)
            return;
        var (exitCode, output, errors) = await RunAsync("npm", "ci");
        if (exitCode != 0)
            throw new InvalidOperationException($"npm ci in tests/interop failed with exit code {exitCode}.\n{output}\n{errors}");
    }

    private static async Task<string?> WhatIsMissingAsync()
    {
        const string Consequence = "the published JavaScript clients of tests/interop were not run.";
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

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Row.Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
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
}
