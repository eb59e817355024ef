using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Interop;

/// <summary>
/// All rows of the published clients, once: starts the program, runs them, and ends the program.
/// </summary>
public sealed class InteropRun : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _errors = [];

    /// <summary>Why the rows could not run on this machine; null where they could.</summary>
    public string? Missing { get; private set; }

    /// <summary>What the runner complained about on standard error.</summary>
    internal string Complaints { get; private set; } = "";

    /// <summary>The program, which has ended.</summary>
    internal RunningProgram? Program { get; private set; }

    /// <summary>The agent that does what the rows tell it to.</summary>
    internal RunningProgram? TestAgent { get; private set; }

    /// <summary>The exit code of the program.</summary>
    internal int ExitCode { get; private set; }

    public async Task InitializeAsync()
    {
        Missing = await NodeScripts.MissingAsync();
        if (Missing is not null)
            return;

        Program = RunningProgram.Start(Programs.Agent, WithGrpc(), ("A2A__Agent__PushNotifications", "true"));
        TestAgent = RunningProgram.Start(Programs.TestAgent, WithGrpc());
        var (address, testAgent) = (await Program.AddressAsync(), await TestAgent.AddressAsync());
        var (_, output, complaints) = await NodeScripts.RunAsync("node", "run.mjs", address.AbsoluteUri, testAgent.AbsoluteUri);
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
    public string? ErrorOf(string row) =>
        _errors.TryGetValue(row, out var error) ? error : $"The runner said nothing about this row. {Complaints}";

    private static string[] WithGrpc() => ["--urls", "http://127.0.0.1:0", "--grpc-port", $"{FreePort.Find()}"];

    public async Task DisposeAsync()
    {
        if (Program is not null)
            await Program.DisposeAsync();
        if (TestAgent is not null)
            await TestAgent.DisposeAsync();
    }
}
