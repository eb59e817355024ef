namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>An emulator of the Google Cloud SDK, and its command line.</summary>
internal sealed record Emulator
{
    public static readonly Emulator Firestore = new()
    {
        Variable = "FIRESTORE_EMULATOR_HOST",
        Folder = "platform/cloud-firestore-emulator",
        File = "cloud-firestore-emulator.jar",
        Arguments =
        [
            "-Duser.language=en", "-cp", "{file}", "com.google.cloud.datastore.emulator.firestore.CloudFirestore", "start",
            "--host={host}", "--port={port}",
        ],
        ReadyLine = "http://{host}:{port}",
    };

    public static readonly Emulator PubSub = new()
    {
        Variable = "PUBSUB_EMULATOR_HOST",
        Folder = "platform/pubsub-emulator/lib",
        File = "cloud-pubsub-emulator-*-all.jar",
        Arguments = ["-jar", "{file}", "--host={host}", "--port={port}"],
        ReadyLine = "listening on {port}",
    };

    // An emulator lives for minutes and has little to do: by default it spends most CPU time on optimizing its own code.
    private static readonly string[] Runtime = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"];

    /// <summary>The environment variable with the emulator's address, which Google's clients read.</summary>
    public required string Variable { get; init; }

    private string Folder { get; init; } = "";

    private string File { get; init; } = "";

    private string ReadyLine { get; init; } = "";

    private IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// The emulator's file on this machine; or, as <paramref name="missing"/>, a line with what is not installed and how to install it.
    /// </summary>
    public string? Find(out string? missing) => GoogleCloudSdk.Find(Folder, File, out missing);

    /// <summary>Starts the emulator on a free port.</summary>
    /// <param name="file">The emulator's file.</param>
    public Task<EmulatorProcess> StartAsync(string file) =>
        EmulatorProcess.StartAsync(
            ReadyLine,
            ["java", .. Runtime, .. Arguments.Select(argument => argument.Replace("{file}", file, StringComparison.Ordinal))]);
}
