namespace ServerlessA2A.Functions.Local;

/// <summary>The arguments that only the local host reads.</summary>
/// <param name="Emulators"><c>--emulators</c>: tasks in emulators of Firestore and Pub/Sub that end with the program.</param>
/// <param name="PostgreSql"><c>--postgres</c>: tasks in a PostgreSQL that ends with the program, or the one that the settings name.</param>
/// <param name="Migrates"><c>--migrate</c>: create or migrate the tables in PostgreSQL, and end.</param>
/// <param name="Inspect"><c>--inspect URL</c>: the inspector shows the agent at this address. Null without the argument.</param>
/// <param name="GrpcPort"><c>--grpc-port PORT</c>: serve gRPC there. Null without the argument.</param>
/// <param name="Opens"><c>--open</c>: open the inspector in the browser.</param>
/// <param name="Verbose"><c>--verbose</c>: print the bodies of requests and responses.</param>
/// <param name="Quiet"><c>--quiet</c>: print no line per request, and no summary.</param>
/// <param name="Help"><c>--help</c>: print the arguments, and end.</param>
internal sealed record LocalArguments(
    bool Emulators, bool PostgreSql, bool Migrates, string? Inspect, string? GrpcPort, bool Opens, bool Verbose, bool Quiet, bool Help)
{
    private const string InspectName = "--inspect";
    private const string GrpcPortName = "--grpc-port";

    /// <summary>The text of <c>--help</c>.</summary>
    public const string HelpText =
        """
        Runs every function in this process, with tasks in memory.

          --urls URL       listen there; PORT sets only the port (default: http://localhost:8080)
          --grpc-port PORT serve gRPC too, on a port of its own
          --open           open the inspector (/inspector) in the browser
          --inspect URL    show the agent at this address in the inspector, instead of the one that runs here
          --verbose        print the bodies of requests and responses
          --quiet          print nothing about requests
          --emulators      keep tasks in the Firestore and Pub/Sub emulators, which start and end with this process
          --postgres       keep tasks in PostgreSQL: in a server that starts and ends with this process, or the one that the settings name
          --migrate        create or migrate the tables in PostgreSQL, and end
          --SETTING=VALUE  any setting, such as --A2A:Agent:Name=Travel
          --target CLASS   run one function, as Cloud Run does, such as ServerlessA2A.Functions.MessageFunction
        """;

    /// <summary>Reads the arguments.</summary>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="rest">Those that are none of these.</param>
    public static LocalArguments Read(IReadOnlyList<string> args, out string[] rest)
    {
        var others = new List<string>();
        var (own, values) = (new HashSet<string>(), new Dictionary<string, string>());
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            if (name is InspectName or GrpcPortName)
                values[name] = value ?? (i + 1 < args.Count ? args[++i] : "");
            else if (args[i] is "--emulators" or "--postgres" or "--migrate" or "--open" or "--verbose" or "--quiet" or "--help")
                own.Add(args[i]);
            else
                others.Add(args[i]);
        }

        rest = [.. others];
        return new LocalArguments(
            own.Contains("--emulators"), own.Contains("--postgres"), own.Contains("--migrate"), values.GetValueOrDefault(InspectName),
            values.GetValueOrDefault(GrpcPortName), own.Contains("--open"), own.Contains("--verbose"), own.Contains("--quiet"),
            own.Contains("--help"));
    }
}
