using ServerlessA2A.Settings;

namespace ServerlessA2A.Tasks;

/// <summary>How tasks are run and retained: the section <c>A2A:Tasks</c>.</summary>
public sealed class TaskOptions
{
    /// <summary>
    /// How long a task is retained after its last change of status. Default: 7 days; minimum: 1 minute, and <see cref="WorkLimit"/>.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long one run may take. Default: 530 s, since the platform stops event functions after 540 s.</summary>
    public TimeSpan RunTimeLimit { get; set; } = TimeSpan.FromSeconds(530);

    /// <summary>
    /// How long a task may be worked on after the client's last message, hand-overs included; then the task fails. Default: 24 hours.
    /// </summary>
    public TimeSpan WorkLimit { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long chunks of artifacts are gathered into one log entry. Default: 300 ms; 0 writes each chunk at once.
    /// </summary>
    public TimeSpan GatherInterval { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Whether a message that repeats the id and content of an earlier one returns the earlier task, and the same id with other content
    /// is rejected. For anonymous callers, only ids that are random UUIDs are compared. Default: true.
    /// </summary>
    public bool DetectDuplicates { get; set; } = true;

    /// <summary>How long before the end of its time a run hands over at the next checkpoint.</summary>
    internal TimeSpan HandOverMargin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an agent may take to stop before the run abandons it.</summary>
    internal TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a run holds a task without renewing its lease. The run renews after a third of it.</summary>
    internal TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many runs may begin without progress before the task fails.</summary>
    internal int MaxAttempts { get; set; } = 5;

    /// <summary>The largest total size of a task's artifacts, in bytes of content: what every store can hold.</summary>
    internal int MaxArtifactSize { get; set; } = 24 * 1024 * 1024;

    /// <summary>How many gathered bytes are written without waiting for <see cref="GatherInterval"/>.</summary>
    internal int GatherSize { get; set; } = 8 * 1024;

    /// <summary>How long a task stays without a run before the sweep requests one. The sweep's own interval comes on top.</summary>
    internal TimeSpan SweepDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (Retention < TimeSpan.FromMinutes(1))
            yield return SettingFault.Of("A2A:Tasks:Retention", Retention, "set at least 00:01:00.");
        // Otherwise a task expires while it is worked on: without a terminal state, and without a notification.
        else if (Retention < WorkLimit)
        {
            yield return SettingFault.Of(
                "A2A:Tasks:Retention", Retention, $"set at least {SettingFault.Name("A2A:Tasks:WorkLimit")}, {WorkLimit}, or lower that.");
        }

        if (RunTimeLimit <= HandOverMargin)
        {
            yield return SettingFault.Of(
                "A2A:Tasks:RunTimeLimit", RunTimeLimit, $"set a time above {HandOverMargin}, below the time limit of the trigger.");
        }

        if (WorkLimit <= TimeSpan.Zero)
            yield return SettingFault.Of("A2A:Tasks:WorkLimit", WorkLimit, "set a time above 0.");
        if (GatherInterval < TimeSpan.Zero)
            yield return SettingFault.Of("A2A:Tasks:GatherInterval", GatherInterval, "set 0 or more.");
    }
}
