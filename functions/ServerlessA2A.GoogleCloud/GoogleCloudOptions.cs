using Microsoft.Extensions.Configuration;

namespace ServerlessA2A.GoogleCloud;

/// <summary>Where in Google Cloud tasks live: the section <c>A2A:GoogleCloud</c>.</summary>
public sealed class GoogleCloudOptions
{
    /// <summary>The project of an emulator that nobody has named one for.</summary>
    public const string LocalProject = "local";

    internal static readonly string[] ProjectVariables = ["GOOGLE_CLOUD_PROJECT", "GCP_PROJECT", "GCLOUD_PROJECT"];

    /// <summary>
    /// The project's id. Unless set, that of the environment: <c>GOOGLE_CLOUD_PROJECT</c>, <c>GCP_PROJECT</c> or <c>GCLOUD_PROJECT</c>;
    /// on the emulators <see cref="LocalProject"/> will do.
    /// </summary>
    public string? ProjectId { get; set; }

    /// <summary>The Firestore database. <c>(default)</c> unless set.</summary>
    public string DatabaseId { get; set; } = "(default)";

    /// <summary>The id of the Pub/Sub topic that requests for runs are published to. <c>a2a-tasks</c> unless set.</summary>
    public string TaskTopic { get; set; } = "a2a-tasks";

    /// <summary>The id of the Pub/Sub topic that notifications of webhooks are published to. <c>a2a-notifications</c> unless set.</summary>
    public string NotificationTopic { get; set; } = "a2a-notifications";

    /// <summary>The id of the Pub/Sub topic for what could not be done. <c>a2a-dead</c> unless set.</summary>
    public string DeadLetterTopic { get; set; } = "a2a-dead";

    /// <summary>How long a call to Firestore or Pub/Sub may take, all its tries included. 10 s unless set.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong with the settings: each message names the setting, the value found and what to do.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(ProjectId))
            yield return $"A2A:GoogleCloud:ProjectId (A2A__GoogleCloud__ProjectId) is not set, nor is {string.Join(", ", ProjectVariables)}: set one of them to the project's id.";
        if (string.IsNullOrWhiteSpace(DatabaseId))
            yield return $"A2A:GoogleCloud:DatabaseId (A2A__GoogleCloud__DatabaseId) is '{DatabaseId}': set the id of a Firestore database, such as (default).";
        foreach (var (name, topic, example) in new[]
        {
            (nameof(TaskTopic), TaskTopic, "a2a-tasks"), (nameof(NotificationTopic), NotificationTopic, "a2a-notifications"), (nameof(DeadLetterTopic), DeadLetterTopic, "a2a-dead"),
        })
        {
            if (string.IsNullOrWhiteSpace(topic) || topic.Contains('/', StringComparison.Ordinal))
                yield return $"A2A:GoogleCloud:{name} (A2A__GoogleCloud__{name}) is '{topic}': set a topic's id, such as {example}, without its project.";
        }

        if (RequestTimeout <= TimeSpan.Zero)
            yield return $"A2A:GoogleCloud:RequestTimeout (A2A__GoogleCloud__RequestTimeout) is {RequestTimeout}: set a time above 0.";
    }

    /// <summary>The project that the environment names, as Google's tools and runtimes do.</summary>
    internal static string? ProjectOf(IConfiguration environment) =>
        Array.Find(ProjectVariables, name => !string.IsNullOrWhiteSpace(environment[name])) is { } variable ? environment[variable] : null;

    /// <summary>Takes the project from the environment where the section names none.</summary>
    internal void FindProject(IConfiguration environment)
    {
        if (string.IsNullOrWhiteSpace(ProjectId))
            ProjectId = ProjectOf(environment);
        if (string.IsNullOrWhiteSpace(ProjectId) && (!string.IsNullOrWhiteSpace(environment["FIRESTORE_EMULATOR_HOST"]) || !string.IsNullOrWhiteSpace(environment["PUBSUB_EMULATOR_HOST"])))
            ProjectId = LocalProject;
    }
}
