using Microsoft.Extensions.Configuration;
using ServerlessA2A.Settings;

namespace ServerlessA2A.GoogleCloud;

/// <summary>The project, database and topics of Google Cloud: the section <c>A2A:GoogleCloud</c>.</summary>
public sealed class GoogleCloudOptions
{
    /// <summary>The project on emulators if none is configured.</summary>
    public const string LocalProject = "local";

    internal static readonly string[] ProjectVariables = ["GOOGLE_CLOUD_PROJECT", "GCP_PROJECT", "GCLOUD_PROJECT"];

    /// <summary>
    /// The project's id. Default: that of the environment (<c>GOOGLE_CLOUD_PROJECT</c>, <c>GCP_PROJECT</c> or <c>GCLOUD_PROJECT</c>);
    /// <see cref="LocalProject"/> on the emulators.
    /// </summary>
    public string? ProjectId { get; set; }

    /// <summary>The Firestore database. Default: <c>(default)</c>.</summary>
    public string DatabaseId { get; set; } = "(default)";

    /// <summary>The id of the Pub/Sub topic for run requests. Default: <c>a2a-tasks</c>.</summary>
    public string TaskTopic { get; set; } = "a2a-tasks";

    /// <summary>The id of the Pub/Sub topic for webhook deliveries. Default: <c>a2a-notifications</c>.</summary>
    public string NotificationTopic { get; set; } = "a2a-notifications";

    /// <summary>The id of the Pub/Sub topic for dead letters. Default: <c>a2a-dead</c>.</summary>
    public string DeadLetterTopic { get; set; } = "a2a-dead";

    /// <summary>How long a call to Firestore or Pub/Sub may take, retries included.</summary>
    internal TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(ProjectId))
        {
            yield return SettingFault.Name("A2A:GoogleCloud:ProjectId") +
                $" is not set, nor is {string.Join(", ", ProjectVariables)}: set one of them to the project's id.";
        }

        if (string.IsNullOrWhiteSpace(DatabaseId))
            yield return SettingFault.Of(
                "A2A:GoogleCloud:DatabaseId", DatabaseId, "set the id of a Firestore database, such as (default).");
        foreach (var (name, topic, example) in new[]
        {
            (nameof(TaskTopic), TaskTopic, "a2a-tasks"), (nameof(NotificationTopic), NotificationTopic, "a2a-notifications"),
            (nameof(DeadLetterTopic), DeadLetterTopic, "a2a-dead"),
        })
        {
            if (string.IsNullOrWhiteSpace(topic) || topic.Contains('/', StringComparison.Ordinal))
                yield return SettingFault.Of(
                    $"A2A:GoogleCloud:{name}", topic, $"set a topic's id, such as {example}, without its project.");
        }
    }

    /// <summary>The project that the environment names, as Google's tools and runtimes do.</summary>
    internal static string? ProjectOf(IConfiguration environment) =>
        Array.Find(ProjectVariables, name => !string.IsNullOrWhiteSpace(environment[name])) is { } variable ? environment[variable] : null;

    /// <summary>Takes the project from the environment where the section names none.</summary>
    internal void FindProject(IConfiguration environment)
    {
        if (string.IsNullOrWhiteSpace(ProjectId))
            ProjectId = ProjectOf(environment);
        if (string.IsNullOrWhiteSpace(ProjectId) &&
            (!string.IsNullOrWhiteSpace(environment["FIRESTORE_EMULATOR_HOST"]) ||
            !string.IsNullOrWhiteSpace(environment["PUBSUB_EMULATOR_HOST"])))
            ProjectId = LocalProject;
    }
}
