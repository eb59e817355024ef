using Microsoft.Extensions.Configuration;

namespace ServerlessA2A.Functions;

/// <summary>Where tasks live.</summary>
internal enum TaskPlace
{
    /// <summary>In this process, and no longer than it.</summary>
    InMemory,

    /// <summary>In the emulators of Firestore and Pub/Sub.</summary>
    Emulators,

    /// <summary>In Firestore and Pub/Sub.</summary>
    GoogleCloud,

    /// <summary>In PostgreSQL; requests for runs in this process.</summary>
    LocalPostgreSql,

    /// <summary>In PostgreSQL; requests for runs in Pub/Sub or its emulator.</summary>
    PostgreSql,
}

/// <summary>
/// Chooses where tasks live. <c>A2A:Tasks:Store</c> says it (<c>InMemory</c>, <c>GoogleCloud</c> or <c>PostgreSql</c>); otherwise it is PostgreSQL where its
/// settings name a server, and Google Cloud wherever anything points to it, so that what is deployed never keeps tasks in memory because a setting was forgotten.
/// </summary>
internal static class TaskPlaces
{
    private const string Setting = "A2A:Tasks:Store";
    private const string Firestore = "FIRESTORE_EMULATOR_HOST";
    private const string PubSub = "PUBSUB_EMULATOR_HOST";

    /// <param name="configuration">The settings, those of the environment among them.</param>
    /// <exception cref="StartFaultException">They contradict each other.</exception>
    public static TaskPlace Choose(IConfiguration configuration)
    {
        var isDeployed = IsSet(configuration, "K_SERVICE");
        var choice = configuration[Setting];
        if (string.IsNullOrWhiteSpace(choice) && (IsSet(configuration, "A2A:PostgreSql:ConnectionString") || IsSet(configuration, "A2A:PostgreSql:Host")))
            choice = "PostgreSql";
        if (string.IsNullOrWhiteSpace(choice))
        {
            if (!isDeployed && !IsSet(configuration, "A2A:GoogleCloud:ProjectId") && !IsSet(configuration, Firestore) && !IsSet(configuration, PubSub))
                return TaskPlace.InMemory;
        }
        else if (choice.Equals("InMemory", StringComparison.OrdinalIgnoreCase))
        {
            return !isDeployed
                ? TaskPlace.InMemory
                : throw new StartFaultException($"{Setting} (A2A__Tasks__Store) is {choice} and K_SERVICE is set: on Cloud Run each instance would have tasks of its own and lose them. Set GoogleCloud or PostgreSql.");
        }
        else if (choice.Equals("PostgreSql", StringComparison.OrdinalIgnoreCase))
        {
            if (IsSet(configuration, PubSub) && BareAddress(configuration, PubSub) is { } bare)
                throw bare;
            return isDeployed || IsSet(configuration, "A2A:GoogleCloud:ProjectId") || IsSet(configuration, PubSub) ? TaskPlace.PostgreSql : TaskPlace.LocalPostgreSql;
        }
        else if (!choice.Equals("GoogleCloud", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartFaultException($"{Setting} (A2A__Tasks__Store) is '{choice}': set InMemory, GoogleCloud or PostgreSql.");
        }

        return (IsSet(configuration, Firestore), IsSet(configuration, PubSub)) switch
        {
            (true, true) when (BareAddress(configuration, Firestore) ?? BareAddress(configuration, PubSub)) is { } fault => throw fault,
            (true, true) => TaskPlace.Emulators,
            (false, false) => TaskPlace.GoogleCloud,
            (true, false) => throw OnlyOne(Firestore, PubSub),
            (false, true) => throw OnlyOne(PubSub, Firestore),
        };
    }

    /// <summary>Whether requests for runs stay in this process.</summary>
    public static bool HasLocalQueue(this TaskPlace place) => place is TaskPlace.InMemory or TaskPlace.LocalPostgreSql;

    private static bool IsSet(IConfiguration configuration, string name) => !string.IsNullOrWhiteSpace(configuration[name]);

    /// <summary>The fault of a host like ::1:8080, which the emulators print of themselves and Google's clients refuse.</summary>
    private static StartFaultException? BareAddress(IConfiguration configuration, string name) =>
        configuration[name]!.Trim() is var host && host.Count(letter => letter == ':') > 1 && host[0] != '['
            ? new($"{name} is {host}: an IPv6 address takes brackets. Set [{host[..host.LastIndexOf(':')]}]{host[host.LastIndexOf(':')..]}.")
            : null;

    private static StartFaultException OnlyOne(string set, string missing) => new($"{set} is set and {missing} is not: set both, or neither.");
}
