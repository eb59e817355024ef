using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using ServerlessA2A.Settings;

namespace ServerlessA2A.GoogleCloud;

/// <summary>The project, database and topics of Google Cloud: the section <c>A2A:GoogleCloud</c>.</summary>
public sealed partial class GoogleCloudOptions
{
    /// <summary>The project on emulators if none is configured.</summary>
    public const string LocalProject = "local";

    /// <summary>The most <see cref="Shards"/>.</summary>
    internal const int MaxShards = 16;

    internal static readonly string[] ProjectVariables = ["GOOGLE_CLOUD_PROJECT", "GCP_PROJECT", "GCLOUD_PROJECT"];

    /// <summary>
    /// The project's id. Default: that of the environment (<c>GOOGLE_CLOUD_PROJECT</c>, <c>GCP_PROJECT</c> or <c>GCLOUD_PROJECT</c>);
    /// <see cref="LocalProject"/> on the emulators.
    /// </summary>
    public string? ProjectId { get; set; }

    /// <summary>The Firestore database. Default: <c>(default)</c>.</summary>
    public string DatabaseId { get; set; } = "(default)";

    /// <summary>
    /// The number of parts into which new entries of Firestore's growing indexes are spread, 1 to 16: each takes about 170 tasks a second.
    /// It may be changed at any time. Default: 4.
    /// </summary>
    public int Shards { get; set; } = 4;

    /// <summary>
    /// What the ids of the Pub/Sub topics begin with: <c>a2a</c> for <c>a2a-tasks</c>, <c>a2a-notifications</c> and <c>a2a-dead</c>. Two
    /// agents in one project need two. <c>deploy.sh</c> rejects the setting. Default: <c>a2a</c>.
    /// </summary>
    public string TopicPrefix { get; set; } = "a2a";

    /// <summary>The topic of run requests.</summary>
    internal string TaskTopic => $"{TopicPrefix}-tasks";

    /// <summary>The topic of webhook deliveries.</summary>
    internal string NotificationTopic => $"{TopicPrefix}-notifications";

    /// <summary>The topic of dead letters.</summary>
    internal string DeadLetterTopic => $"{TopicPrefix}-dead";

    /// <summary>How long a call to Firestore or Pub/Sub may take, retries included; the wait for its turn is not.</summary>
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
        if (Shards is < 1 or > MaxShards)
            yield return SettingFault.Of("A2A:GoogleCloud:Shards", Shards, $"set a number from 1 to {MaxShards}.");
        // Pub/Sub's rule for the ids of topics.
        if (TopicPrefix is null || !PrefixForm().IsMatch(TopicPrefix))
        {
            yield return SettingFault.Of(
                "A2A:GoogleCloud:TopicPrefix", TopicPrefix,
                "set a letter and up to 200 letters, digits, dashes and underscores, such as a2a.");
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,200}$")]
    private static partial Regex PrefixForm();

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
