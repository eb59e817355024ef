using Microsoft.Extensions.Configuration;
using ServerlessA2A.Settings;

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
}

/// <summary>
/// Chooses where tasks live. <c>A2A:Tasks:Store</c> says it (<c>InMemory</c> or <c>GoogleCloud</c>); otherwise it is Google Cloud wherever
/// anything points to it, so that what is deployed never keeps tasks in memory because a setting was forgotten.
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
        if (string.IsNullOrWhiteSpace(choice))
        {
            if (!isDeployed && !IsSet(configuration, "A2A:GoogleCloud:ProjectId") && !IsSet(configuration, Firestore) && !IsSet(configuration, PubSub))
                return TaskPlace.InMemory;
        }
        else if (choice.Equals("InMemory", StringComparison.OrdinalIgnoreCase))
        {
            return !isDeployed
                ? TaskPlace.InMemory
                : throw new StartFaultException(SettingFault.Of(
                    Setting, choice, "on Cloud Run (K_SERVICE is set) each instance would have its own tasks and lose them. Set GoogleCloud."));
        }
        else if (!choice.Equals("GoogleCloud", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartFaultException(SettingFault.Of(Setting, choice, "set InMemory or GoogleCloud."));
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

    private static bool IsSet(IConfiguration configuration, string name) => !string.IsNullOrWhiteSpace(configuration[name]);

    /// <summary>The fault of a host like ::1:8080, which the emulators print of themselves and Google's clients refuse.</summary>
    private static StartFaultException? BareAddress(IConfiguration configuration, string name) =>
        configuration[name]!.Trim() is var host && host.Count(letter => letter == ':') > 1 && host[0] != '['
            ? new($"{name} is {host}: an IPv6 address takes brackets. Set [{host[..host.LastIndexOf(':')]}]{host[host.LastIndexOf(':')..]}.")
            : null;

    private static StartFaultException OnlyOne(string set, string missing) => new($"{set} is set and {missing} is not: set both, or neither.");
}
