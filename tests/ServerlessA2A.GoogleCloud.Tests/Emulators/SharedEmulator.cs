using ServerlessA2A.Functions.Local.Emulators;

namespace ServerlessA2A.GoogleCloud.Tests.Emulators;

/// <summary>
/// One emulator for the whole run, started by the first test that needs it; or the one that its environment variable
/// names. The variable is set afterwards either way, so a client finds it as it would anywhere.
/// </summary>
internal sealed class SharedEmulator
{
    public static readonly SharedEmulator Firestore = new(Emulator.Firestore);

    public static readonly SharedEmulator PubSub = new(Emulator.PubSub);

    private readonly Emulator emulator;
    private readonly Lock gate = new();
    private readonly Lazy<Task<string>> host;

    private SharedEmulator(Emulator emulator)
    {
        this.emulator = emulator;
        host = new(() => Running() is { Length: > 0 } running ? Task.FromResult(running) : StartAsync());
    }

    /// <summary>Host and port. Without the emulator the test is skipped, and fails where REQUIRE_EMULATORS is 1.</summary>
    public Task<string> HostAsync() => host.Value;

    /// <summary>Does something, such as building a client, while the variable names another host or none; others who do wait.</summary>
    public T With<T>(string? otherHost, Func<T> act)
    {
        lock (gate)
        {
            var before = Environment.GetEnvironmentVariable(emulator.Variable);
            try
            {
                Environment.SetEnvironmentVariable(emulator.Variable, otherHost);
                return act();
            }
            finally
            {
                Environment.SetEnvironmentVariable(emulator.Variable, before);
            }
        }
    }

    /// <summary>The emulator that the variable names, read while no <see cref="With"/> has changed it.</summary>
    private string? Running()
    {
        lock (gate)
            return Environment.GetEnvironmentVariable(emulator.Variable);
    }

    private async Task<string> StartAsync()
    {
        if (emulator.Find(out var missing) is not { } file)
        {
            if (Environment.GetEnvironmentVariable("REQUIRE_EMULATORS") == "1")
                throw new InvalidOperationException($"REQUIRE_EMULATORS is 1. {missing}");
            throw new SkipException(missing);
        }
        var process = await emulator.StartAsync(file);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.DisposeAsync().AsTask().Wait();
        lock (gate)
            Environment.SetEnvironmentVariable(emulator.Variable, process.Host);
        return process.Host;
    }
}
