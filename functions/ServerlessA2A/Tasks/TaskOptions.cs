namespace ServerlessA2A.Tasks;

/// <summary>How tasks are run and kept: the section <c>A2A:Tasks</c>.</summary>
public sealed class TaskOptions
{
    private const int LargestArtifactSize = 24 * 1024 * 1024;

    /// <summary>How long a task is kept after its last change of status. 7 days unless set; 1 minute at least.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long one run may take. 530 s unless set: event functions are stopped after 540 s.</summary>
    public TimeSpan RunTimeLimit { get; set; } = TimeSpan.FromSeconds(530);

    /// <summary>How long before the end of its time a run hands over at the next checkpoint. 30 s unless set.</summary>
    public TimeSpan HandOverMargin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an agent that was stopped may take to end before it is left behind. 5 s unless set.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a worker holds a task without a sign of life. 60 s unless set; a third of it passes between two signs.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many runs are begun without progress before the task fails. 5 unless set.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>How long after the client has last spoken a task may still be run. 24 hours unless set: then it fails, also where each run hands over.</summary>
    public TimeSpan WorkLimit { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How large a task's artifacts may be together, in bytes of content. 24 MiB unless set, which is what every store can hold.</summary>
    public int MaxArtifactSize { get; set; } = LargestArtifactSize;

    /// <summary>How long chunks of artifacts are gathered before they are appended together. 300 ms unless set; 0 for not at all.</summary>
    public TimeSpan GatherInterval { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>From how many bytes on gathered chunks are appended at once. 8,192 unless set.</summary>
    public int GatherSize { get; set; } = 8 * 1024;

    /// <summary>How long nobody works on a task before the sweep asks for a run again. 30 s unless set; the sweep's own interval comes on top.</summary>
    public TimeSpan SweepDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether a message that repeats the id and the content of an earlier one finds the task of that one, and the same id with other
    /// content is rejected. For anonymous callers, only random UUIDs are compared. Default: true.
    /// </summary>
    public bool DetectDuplicates { get; set; } = true;

    /// <summary>What is wrong with the settings: each message names the setting, the value found and what to do.</summary>
    public IEnumerable<string> Validate()
    {
        if (Retention < TimeSpan.FromMinutes(1))
            yield return $"A2A:Tasks:Retention (A2A__Tasks__Retention) is {Retention}: set at least 00:01:00.";
        if (RunTimeLimit <= TimeSpan.Zero)
            yield return $"A2A:Tasks:RunTimeLimit (A2A__Tasks__RunTimeLimit) is {RunTimeLimit}: set a time above 0, below the trigger's limit.";
        if (HandOverMargin < TimeSpan.Zero || HandOverMargin >= RunTimeLimit)
            yield return $"A2A:Tasks:HandOverMargin (A2A__Tasks__HandOverMargin) is {HandOverMargin}: set a time from 0 to below RunTimeLimit ({RunTimeLimit}).";
        if (StopGrace < TimeSpan.Zero)
            yield return $"A2A:Tasks:StopGrace (A2A__Tasks__StopGrace) is {StopGrace}: set 0 or more.";
        if (LeaseDuration < TimeSpan.FromSeconds(1))
            yield return $"A2A:Tasks:LeaseDuration (A2A__Tasks__LeaseDuration) is {LeaseDuration}: set at least 00:00:01.";
        if (MaxAttempts < 1)
            yield return $"A2A:Tasks:MaxAttempts (A2A__Tasks__MaxAttempts) is {MaxAttempts}: set at least 1.";
        if (WorkLimit <= TimeSpan.Zero)
            yield return $"A2A:Tasks:WorkLimit (A2A__Tasks__WorkLimit) is {WorkLimit}: set a time above 0.";
        if (MaxArtifactSize is < 1 or > LargestArtifactSize)
            yield return $"A2A:Tasks:MaxArtifactSize (A2A__Tasks__MaxArtifactSize) is {MaxArtifactSize}: set 1 to {LargestArtifactSize} bytes.";
        if (SweepDelay < TimeSpan.Zero)
            yield return $"A2A:Tasks:SweepDelay (A2A__Tasks__SweepDelay) is {SweepDelay}: set 0 or more.";
        if (GatherInterval < TimeSpan.Zero)
            yield return $"A2A:Tasks:GatherInterval (A2A__Tasks__GatherInterval) is {GatherInterval}: set 0 or more.";
        if (GatherSize < 1)
            yield return $"A2A:Tasks:GatherSize (A2A__Tasks__GatherSize) is {GatherSize}: set at least 1.";
    }
}
