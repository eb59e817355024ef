namespace ServerlessA2A.Security.Limits;

/// <summary>
/// How much callers may have and do: the section <c>A2A:Limits</c>. Rates and streams are each instance's own; tasks are counted in the store. Limits of a
/// caller are for callers that have said who they are: anonymous ones can't be told apart, and are limited in all.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>How many requests a second a caller may make for long.</summary>
    /// <value>50 unless set; 0 for any number.</value>
    public double RequestsPerSecond { get; set; } = 50;

    /// <summary>How many requests a caller may make at once, before the rate counts.</summary>
    /// <value>100 unless set.</value>
    public int RequestBurst { get; set; } = 100;

    /// <summary>How many requests a second all callers may make together, for long. What Cloud Run lets through is bounded by its instances already.</summary>
    /// <value>0, any number, unless set.</value>
    public double TotalRequestsPerSecond { get; set; }

    /// <summary>How many requests all callers may make at once, before the rate counts.</summary>
    /// <value>1,000 unless set.</value>
    public int TotalRequestBurst { get; set; } = 1000;

    /// <summary>
    /// How many refusals (401, 403, 429) a second are answered at the door; what comes faster waits its turn, a second at most, so that nobody else waits behind
    /// it. At most 60 wait at a time: 0 where an instance takes no more requests than that at once.
    /// </summary>
    /// <value>1,000 unless set; 0 for any number.</value>
    public double RefusalsPerSecond { get; set; } = 1000;

    /// <summary>How many event streams, and sends that wait for their task, a caller may have open. Each takes one of the 80 requests that an instance has at a time.</summary>
    /// <value>50 unless set; 0 for any number.</value>
    public int OpenStreams { get; set; } = 50;

    /// <summary>How many event streams, and sends that wait for their task, may be open in all.</summary>
    /// <value>0, any number, unless set.</value>
    public int TotalOpenStreams { get; set; }

    /// <summary>How many tasks of a caller, in one tenant and with one agent, may be unfinished. It is counted now and then, so a few more may slip through.</summary>
    /// <value>1,000 unless set; 0 for any number.</value>
    public int UnfinishedTasks { get; set; } = 1000;

    /// <summary>How many tasks may be unfinished in all; counted like those of a caller.</summary>
    /// <value>0, any number, unless set.</value>
    public int TotalUnfinishedTasks { get; set; }

    /// <summary>How large a message may be, in bytes of its parts and metadata.</summary>
    /// <value>10 MiB unless set.</value>
    public int MessageSize { get; set; } = 10 * 1024 * 1024;

    /// <summary>How many messages a task's history may have.</summary>
    /// <value>1,000 unless set.</value>
    public int HistoryMessages { get; set; } = 1000;

    /// <summary>How large the messages of a task may be together, in bytes of their parts and metadata, when the client adds one.</summary>
    /// <value>32 MiB unless set.</value>
    public int HistorySize { get; set; } = 32 * 1024 * 1024;

    /// <summary>How many webhooks a task may have.</summary>
    /// <value>20 unless set.</value>
    public int PushConfigs { get; set; } = 20;

    /// <summary>What is wrong with the settings: each message names the setting, the value found and what to do.</summary>
    public IEnumerable<string> Validate() => new[]
    {
        OrNone(nameof(RequestsPerSecond), RequestsPerSecond), OrNone(nameof(TotalRequestsPerSecond), TotalRequestsPerSecond), OrNone(nameof(RefusalsPerSecond), RefusalsPerSecond),
        OrNone(nameof(OpenStreams), OpenStreams), OrNone(nameof(TotalOpenStreams), TotalOpenStreams),
        OrNone(nameof(UnfinishedTasks), UnfinishedTasks), OrNone(nameof(TotalUnfinishedTasks), TotalUnfinishedTasks),
        AtLeastOne(nameof(RequestBurst), RequestBurst), AtLeastOne(nameof(TotalRequestBurst), TotalRequestBurst),
        AtLeastOne(nameof(MessageSize), MessageSize), AtLeastOne(nameof(HistoryMessages), HistoryMessages), AtLeastOne(nameof(HistorySize), HistorySize),
        AtLeastOne(nameof(PushConfigs), PushConfigs),
    }.OfType<string>();

    private static string? OrNone(string name, double value) => value is < 0 or double.NaN or > 1_000_000_000 ? Fault(name, value, "set a number above 0, or 0 for no limit.") : null;

    private static string? AtLeastOne(string name, int value) => value < 1 ? Fault(name, value, "set at least 1.") : null;

    private static string Fault(string name, double value, string remedy) =>
        FormattableString.Invariant($"A2A:Limits:{name} (A2A__Limits__{name}) is {value}: {remedy}");
}
