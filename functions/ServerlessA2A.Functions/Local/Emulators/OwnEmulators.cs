namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>The Firestore and Pub/Sub emulators that this process started and that end with it.</summary>
internal sealed class OwnEmulators : IAsyncDisposable
{
    private readonly EmulatorProcess[] _processes;

    private OwnEmulators(EmulatorProcess[] processes) => _processes = processes;

    /// <summary>Starts both emulators and sets their environment variables in this process.</summary>
    /// <exception cref="StartFaultException">The emulators are not installed.</exception>
    public static async Task<OwnEmulators> StartAsync()
    {
        Emulator[] emulators = [Emulator.Firestore, Emulator.PubSub];
        var processes = await Task.WhenAll(emulators.Select(StartAsync).ToArray());
        foreach (var (emulator, process) in emulators.Zip(processes))
            Environment.SetEnvironmentVariable(emulator.Variable, process.Host);
        return new OwnEmulators(processes)
        {
            Settings =
            [
                .. emulators.Zip(
                    processes, (emulator, process) => KeyValuePair.Create<string, string?>(emulator.Variable, process.Host)),
            ],
        };
    }

    /// <summary>The emulators' addresses, by the names of their variables.</summary>
    public required IReadOnlyList<KeyValuePair<string, string?>> Settings { get; init; }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));

    private static Task<EmulatorProcess> StartAsync(Emulator emulator) =>
        emulator.Find(out var missing) is { } file ? emulator.StartAsync(file) : throw new StartFaultException($"--emulators: {missing}");
}
