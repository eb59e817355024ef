using System.Globalization;

namespace ServerlessA2A.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    private static readonly string[] Measures = ["start", "throughput", "processor", "latency", "memory", "allocations", "neighbours"];

    /// <summary>Taken only where it is named: it needs Node.js, and the packages of tests/interop (npm ci).</summary>
    private const string Grpc = "grpc";

    /// <summary>The measures to take; all of them unless some are named.</summary>
    public required IReadOnlyList<string> Chosen { get; init; }

    /// <summary>How long each round of load lasts.</summary>
    public int Seconds { get; init; } = 3;

    /// <summary>How many pairs of rounds; starts are quick and are paired three times as often.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Whether ours is compiled ahead of time, as a deployment may be (PublishReadyToRun).</summary>
    public bool ReadyToRun { get; init; }

    /// <summary>Whether the reference has the runtime's own settings, as a new function has them, instead of ours.</summary>
    public bool DefaultRuntime { get; init; }

    /// <summary>Whether what was published last is measured again.</summary>
    public bool KeepPublished { get; init; }

    /// <summary>Whether tasks on the emulators are measured, which is done by itself: it needs both cores.</summary>
    public bool OnEmulators { get; init; }

    /// <summary>Whether what Gemini's agent adds to the model is measured, by itself for the same reason.</summary>
    public bool OnGemini { get; init; }

    /// <summary>Whether webhooks are measured, by itself too.</summary>
    public bool OnWebhooks { get; init; }

    /// <summary>Whether it is measured what one caller learns of another and does to it, by itself too.</summary>
    public bool OnCallers { get; init; }

    /// <summary>Whether the stores are measured side by side, by itself too.</summary>
    public bool OnStores { get; init; }

    /// <summary>Whether the types of payloads in PostgreSQL are compared, by itself too.</summary>
    public bool OnPayloads { get; init; }

    /// <summary>Whether load is put on the deployed shape, by itself too.</summary>
    public bool OnDeployed { get; init; }

    /// <summary>The numbers of clients of that load, one after the other.</summary>
    public IReadOnlyList<int> Clients { get; init; } = [32, 100, 320, 1000];

    /// <summary>Whether the whole is simulated at scale, by itself too.</summary>
    public bool OnScale { get; init; }

    /// <summary>Whether the client is compared with a bare HttpClient, by itself too.</summary>
    public bool OnClient { get; init; }

    public bool Has(string measure) => Chosen.Contains(measure);

    /// <summary>Reads the command line; null, after saying how it goes, where it makes no sense.</summary>
    public static Options? Parse(string[] args)
    {
        var chosen = new List<string>();
        var options = new Options { Chosen = chosen };
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "all")
                chosen.AddRange(Measures);
            else if (Measures.Contains(args[i]) || args[i] == Grpc)
                chosen.Add(args[i]);
            else if (args[i] == "emulators")
                options = options with { OnEmulators = true };
            else if (args[i] == "gemini")
                options = options with { OnGemini = true };
            else if (args[i] == "webhooks")
                options = options with { OnWebhooks = true };
            else if (args[i] == "callers")
                options = options with { OnCallers = true };
            else if (args[i] == "stores")
                options = options with { OnStores = true };
            else if (args[i] == "payloads")
                options = options with { OnPayloads = true };
            else if (args[i] == "load")
                options = options with { OnDeployed = true };
            else if (args[i] == "scale")
                options = options with { OnScale = true };
            else if (args[i] == "client")
                options = options with { OnClient = true };
            else if (args[i] == "--ready-to-run")
                options = options with { ReadyToRun = true };
            else if (args[i] == "--default-runtime")
                options = options with { DefaultRuntime = true };
            else if (args[i] == "--no-publish")
                options = options with { KeepPublished = true };
            else if (args[i] == "--seconds" && TryNumber(args, ++i, out var seconds))
                options = options with { Seconds = seconds };
            else if (args[i] == "--rounds" && TryNumber(args, ++i, out var rounds))
                options = options with { Rounds = rounds };
            else if (args[i] == "--clients" && TryNumber(args, ++i, out var clients))
                options = options with { Clients = [clients] };
            else
                return Usage();
        }

        if (chosen.Count == 0)
            chosen.AddRange(Measures);
        return options;
    }

    private static bool TryNumber(string[] args, int index, out int number)
    {
        number = 0;
        return index < args.Length && int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
    }

    private static Options? Usage()
    {
        Console.Error.WriteLine(
            $"Arguments: [{string.Join('|', Measures)}|all|{Grpc}]… | emulators | gemini | webhooks | callers | stores | payloads | " +
            "load | scale | client [--clients N] [--seconds N] [--rounds N] [--ready-to-run] [--default-runtime] [--no-publish]");
        return null;
    }
}
