using Microsoft.Extensions.Configuration;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Functions;

/// <summary>The place where tasks are stored.</summary>
internal enum TaskPlace
{
    /// <summary>In this process, until it ends.</summary>
    InMemory,

    /// <summary>In the Firestore and Pub/Sub emulators.</summary>
    Emulators,

    /// <summary>In Firestore and Pub/Sub.</summary>
    GoogleCloud,

    /// <summary>In PostgreSQL; requests for runs in this process.</summary>
    LocalPostgreSql,

    /// <summary>In PostgreSQL; requests for runs in Pub/Sub or its emulator.</summary>
    PostgreSql,
}

/// <summary>
/// Chooses the place of tasks. <c>A2A:Tasks:Store</c> decides (<c>InMemory</c> or <c>GoogleCloud</c>). Default: Google Cloud if anything
/// indicates it, so that a deployment never keeps tasks in memory because of a missing setting.
/// </summary>
internal static class TaskPlaces
{
    private const string Setting = "A2A:Tasks:Store";
    private const string Firestore = "FIRESTORE_EMULATOR_HOST";
    private const string PubSub = "PUBSUB_EMULATOR_HOST";

    /// <param name="configuration">The settings, including the environment.</param>
    /// <exception cref="StartFaultException">The settings contradict each other.</exception>
    public static TaskPlace Choose(IConfiguration configuration)
    {
        var isDeployed = IsSet(configuration, "K_SERVICE");
        var choice = configuration[Setting];
        if (string.IsNullOrWhiteSpace(choice) && IsSet(configuration, "A2A:PostgreSql:ConnectionString"))
            choice = "PostgreSql";
        if (string.IsNullOrWhiteSpace(choice))
        {
            if (!isDeployed && !IsSet(configuration, "A2A:GoogleCloud:ProjectId") &&
                !IsSet(configuration, Firestore) && !IsSet(configuration, PubSub))
                return TaskPlace.InMemory;
        }
        else if (choice.Equals("InMemory", StringComparison.OrdinalIgnoreCase))
        {
            return !isDeployed
                ? TaskPlace.InMemory
                : throw new StartFaultException(SettingFault.Of(
                    Setting, choice,
                    "on Cloud Run (K_SERVICE is set) each instance would have its own tasks and lose them. " +
                    "Set GoogleCloud or PostgreSql."));
        }
        else if (choice.Equals("PostgreSql", StringComparison.OrdinalIgnoreCase))
        {
            if (IsSet(configuration, PubSub) && BareAddress(configuration, PubSub) is { } bare)
                throw bare;
            return isDeployed || IsSet(configuration, "A2A:GoogleCloud:ProjectId") || IsSet(configuration, PubSub)
                ? TaskPlace.PostgreSql
                : TaskPlace.LocalPostgreSql;
        }
        else if (!choice.Equals("GoogleCloud", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartFaultException(SettingFault.Of(Setting, choice, "set InMemory, GoogleCloud or PostgreSql."));
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

    /// <summary>The fault of a host such as ::1:8080, which the emulators print and Google's clients reject.</summary>
    private static StartFaultException? BareAddress(IConfiguration configuration, string name) =>
        configuration[name]!.Trim() is var host && host.Count(letter => letter == ':') > 1 && host[0] != '['
            ? new(
                $"{name} is {host}: an IPv6 address needs brackets. " +
                $"Set [{host[..host.LastIndexOf(':')]}]{host[host.LastIndexOf(':')..]}.")
            : null;

    private static StartFaultException OnlyOne(string set, string missing) =>
        new($"{set} is set, but {missing} is not: set both, or neither.");
}
