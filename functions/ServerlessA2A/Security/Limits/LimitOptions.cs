using ServerlessA2A.Settings;

namespace ServerlessA2A.Security.Limits;

/// <summary>
/// How much callers may have and do: the section <c>A2A:Limits</c>. Each instance counts requests and streams for itself; tasks are counted
/// in the store. Limits of a caller apply to authenticated callers: anonymous ones cannot be told apart, only the total limits apply to
/// them.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>How many requests per second a caller may make; twice as many may come in one burst. Default: 50; 0 is no limit.</summary>
    public double RequestsPerSecond { get; set; } = 50;

    /// <summary>
    /// How many requests per second all callers together may make of one instance; twice as many may come in one burst. The only rate that
    /// applies to anonymous callers. Default: 0, no limit.
    /// </summary>
    public double TotalRequestsPerSecond { get; set; }

    /// <summary>
    /// How many event streams and blocking sends a caller may have open on one instance. Each takes one of the 80 requests that an instance
    /// serves at a time. Default: 50; 0 is no limit.
    /// </summary>
    public int OpenStreams { get; set; } = 50;

    /// <summary>How many event streams and blocking sends may be open on one instance in total. Default: 0, no limit.</summary>
    public int TotalOpenStreams { get; set; }

    /// <summary>
    /// How many unfinished tasks a caller may have in one tenant with one agent. They are counted from time to time, so a few more may
    /// pass. Default: 1,000; 0 is no limit.
    /// </summary>
    public int UnfinishedTasks { get; set; } = 1000;

    /// <summary>How many unfinished tasks all callers together may have, counted like those of one caller. Default: 0, no limit.</summary>
    public int TotalUnfinishedTasks { get; set; }

    /// <summary>
    /// How many tasks of a tenant, or of a caller in the default tenant, an instance runs at once while others wait in the queue: fewer
    /// than
    /// <c>WORKER_CONCURRENCY</c> keeps turns free for other tenants. Default: 0, no limit.
    /// </summary>
    public int RunningTasks { get; set; }

    /// <summary>How many requests a caller may make at once before <see cref="RequestsPerSecond"/> applies.</summary>
    internal int RequestBurst { get => field > 0 ? field : BurstOf(RequestsPerSecond); set; }

    /// <summary>How many requests all callers may make at once before <see cref="TotalRequestsPerSecond"/> applies.</summary>
    internal int TotalRequestBurst { get => field > 0 ? field : BurstOf(TotalRequestsPerSecond); set; }

    /// <summary>
    /// How many rejections (401, 403, 429) an instance answers per second; faster ones wait, one second at most and 60 at a time, so that a
    /// client that ignores them does not slow down the others. 0 is no limit.
    /// </summary>
    internal double RefusalsPerSecond { get; set; } = 1000;

    /// <summary>The largest message, in bytes of its parts and metadata, and of its request's metadata and output modes.</summary>
    internal int MessageSize { get; set; } = 10 * 1024 * 1024;

    /// <summary>How many messages a task's history may have.</summary>
    internal int HistoryMessages { get; set; } = 1000;

    /// <summary>The largest total size of a task's messages, counted like one message, when the client adds one.</summary>
    internal int HistorySize { get; set; } = 32 * 1024 * 1024;

    /// <summary>How many webhooks a task may have.</summary>
    internal int Webhooks { get; set; } = 20;

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate() => new[]
    {
        FaultOf(nameof(RequestsPerSecond), RequestsPerSecond), FaultOf(nameof(TotalRequestsPerSecond), TotalRequestsPerSecond),
        FaultOf(nameof(OpenStreams), OpenStreams), FaultOf(nameof(TotalOpenStreams), TotalOpenStreams),
        FaultOf(nameof(UnfinishedTasks), UnfinishedTasks), FaultOf(nameof(TotalUnfinishedTasks), TotalUnfinishedTasks),
        FaultOf(nameof(RunningTasks), RunningTasks),
    }.OfType<string>();

    private static int BurstOf(double perSecond) => (int)Math.Max(1, Math.Ceiling(2 * perSecond));

    private static string? FaultOf(string name, double value) => value is < 0 or double.NaN or > 1_000_000_000
        ? SettingFault.Of($"A2A:Limits:{name}", value, "set a number above 0, or 0 for no limit.")
        : null;
}
