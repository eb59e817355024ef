namespace ServerlessA2A.GoogleCloud.Tests.Emulators;

/// <summary>
/// One emulator for the whole run, started by the first test that needs it; or the one that its environment variable
/// names. The variable is set afterwards either way, so a client finds it as it would anywhere.
/// </summary>
internal sealed class SharedEmulator
{
    public static readonly SharedEmulator Firestore = new("FIRESTORE_EMULATOR_HOST", static () =>
        GoogleCloudSdk.Find("platform/cloud-firestore-emulator", "cloud-firestore-emulator.jar", out var missing) is { } jar
            ? (null, () => EmulatorProcess.StartAsync("http://{host}:{port}", "java", "-Duser.language=en", "-cp", jar,
                "com.google.cloud.datastore.emulator.firestore.CloudFirestore", "start", "--host={host}", "--port={port}"))
            : (missing, null));

    public static readonly SharedEmulator PubSub = new("PUBSUB_EMULATOR_HOST", static () =>
        GoogleCloudSdk.Find("platform/pubsub-emulator/lib", "cloud-pubsub-emulator-*-all.jar", out var missing) is { } jar
            ? (null, () => EmulatorProcess.StartAsync("listening on {port}", "java", "-jar", jar, "--host={host}", "--port={port}"))
            : (missing, null));

    private readonly string variable;
    private readonly Lock gate = new();
    private readonly Lazy<Task<string>> host;

    private SharedEmulator(string variable, Func<(string? Missing, Func<Task<EmulatorProcess>>? Start)> find)
    {
        this.variable = variable;
        host = new(() => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } running ? Task.FromResult(running) : StartAsync(find));
    }

    /// <summary>Host and port. Without the emulator the test is skipped, and fails where REQUIRE_EMULATORS is 1.</summary>
    public Task<string> HostAsync() => host.Value;

    /// <summary>Does something, such as building a client, while the variable names another host or none; others who do wait.</summary>
    public T With<T>(string? otherHost, Func<T> act)
    {
        lock (gate)
        {
            var before = Environment.GetEnvironmentVariable(variable);
            try
            {
                Environment.SetEnvironmentVariable(variable, otherHost);
                return act();
            }
            finally
            {
                Environment.SetEnvironmentVariable(variable, before);
            }
        }
    }

    private async Task<string> StartAsync(Func<(string? Missing, Func<Task<EmulatorProcess>>? Start)> find)
    {
        var (missing, start) = find();
        if (start is null)
        {
            if (Environment.GetEnvironmentVariable("REQUIRE_EMULATORS") == "1")
                throw new InvalidOperationException($"REQUIRE_EMULATORS is 1. {missing}");
            throw new SkipException(missing);
        }
        var process = await start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.DisposeAsync().AsTask().Wait();
        lock (gate)
            Environment.SetEnvironmentVariable(variable, process.Host);
        return process.Host;
    }
}
