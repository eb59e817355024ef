using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ServerlessA2A.Telemetry;

/// <summary>The engine's metrics: the meter <c>ServerlessA2A</c>. Without a listener nothing is measured. Times are in seconds.</summary>
internal static class EngineMetrics
{
    /// <summary>The verdict on a delivery attempt whose receiver accepted it.</summary>
    public const string Accepted = "accepted";

    /// <summary>Bounds for times, from a poll to a day's work.</summary>
    public static readonly InstrumentAdvice<double> Times = new()
    {
        HistogramBucketBoundaries =
            [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400],
    };

    private static readonly Meter Meter = new(EngineSpans.Name);

    private static readonly Histogram<double> RequestDuration = Meter.CreateHistogram(
        "a2a.request.duration", "s", "Duration of requests, by operation and error.", advice: Times);

    private static readonly Counter<long> TasksCreated = Meter.CreateCounter<long>("a2a.task.created", "{task}", "Tasks created.");

    private static readonly Counter<long> StateChanges = Meter.CreateCounter<long>(
        "a2a.task.state_changes", "{change}", "Tasks that reached a state.");

    private static readonly Histogram<double> FirstEvent = Meter.CreateHistogram(
        "a2a.task.time_to_first_event", "s", "From the creation of a task to the first event of its agent.", advice: Times);

    private static readonly Histogram<double> TaskDuration = Meter.CreateHistogram(
        "a2a.task.duration", "s", "From the creation of a task to its terminal state.", advice: Times);

    private static readonly Counter<long> RunAttempts = Meter.CreateCounter<long>(
        "a2a.run.attempts", "{run}", "Runs begun, by the number of the attempt.");

    private static readonly Histogram<double> RunDuration = Meter.CreateHistogram(
        "a2a.run.duration", "s", "Duration of runs, by outcome.", advice: Times);

    private static readonly Counter<long> LeaseLosses = Meter.CreateCounter<long>(
        "a2a.run.lease_losses", "{lease}", "Leases that a run lost: to a cancel or another worker, or because it expired.");

    private static readonly Counter<long> SweepFinds = Meter.CreateCounter<long>(
        "a2a.sweep.finds", "{find}", "Runs and deliveries that only the sweep has requested.");

    private static readonly Histogram<double> WebhookDuration = Meter.CreateHistogram(
        "a2a.webhook.attempt.duration", "s", "Duration of delivery attempts, by verdict and status.", advice: Times);

    private static readonly Histogram<double> WebhookLag = Meter.CreateHistogram(
        "a2a.webhook.lag", "s", "From an event to the delivery that its receiver accepted.", advice: Times);

    private static readonly Counter<long> LimitsExceeded = Meter.CreateCounter<long>(
        "a2a.limit.exceeded", "{request}", "Requests rejected because of a limit.");

    /// <summary>Whether <see cref="FirstEventAfter"/> is measured: to find the first event costs something.</summary>
    public static bool MeasuresFirstEvent => FirstEvent.Enabled;

    /// <summary>A request was answered.</summary>
    public static void Request(TimeSpan duration, string? operation, string binding, string version, string? error)
    {
        if (!RequestDuration.Enabled)
            return;
        var tags = new TagList
        {
            { TelemetryNames.Operation, operation ?? TelemetryNames.Other },
            { TelemetryNames.Binding, binding },
            { TelemetryNames.Version, version },
        };
        if (error is not null)
            tags.Add(TelemetryNames.Error, error);
        RequestDuration.Record(duration.TotalSeconds, tags);
    }

    /// <summary>A task was created.</summary>
    public static void TaskCreated() => TasksCreated.Add(1);

    /// <summary>A task reached a state, by its name; in a terminal one with its age.</summary>
    public static void StateReached(string state, TimeSpan? ageAtEnd)
    {
        StateChanges.Add(1, new KeyValuePair<string, object?>(TelemetryNames.TaskState, state));
        if (ageAtEnd is { } age)
            TaskDuration.Record(age.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.TaskState, state));
    }

    /// <summary>A task's agent has yielded its first event.</summary>
    public static void FirstEventAfter(TimeSpan age) => FirstEvent.Record(age.TotalSeconds);

    /// <summary>A run has taken its lease.</summary>
    public static void RunBegun(int attempt)
    {
        if (RunAttempts.Enabled)
            RunAttempts.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Attempt, attempt));
    }

    /// <summary>A run has ended.</summary>
    public static void RunEnded(TimeSpan duration, string outcome) =>
        RunDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.RunOutcome, outcome));

    /// <summary>A run has lost its lease: <c>superseded</c> as the run finds out, <c>expired</c> as the next one does.</summary>
    public static void LeaseLost(string reason) =>
        LeaseLosses.Add(1, new KeyValuePair<string, object?>(TelemetryNames.LossReason, reason));

    /// <summary>A sweep has requested runs or deliveries.</summary>
    public static void Swept(string kind, int count)
    {
        if (count > 0)
            SweepFinds.Add(count, new KeyValuePair<string, object?>(TelemetryNames.SweepKind, kind));
    }

    /// <summary>A delivery attempt was made.</summary>
    public static void WebhookAttempt(TimeSpan duration, string verdict, int? status)
    {
        if (!WebhookDuration.Enabled)
            return;
        var tags = new TagList { { TelemetryNames.WebhookVerdict, verdict } };
        if (status is { } code)
            tags.Add(TelemetryNames.HttpStatus, code);
        WebhookDuration.Record(duration.TotalSeconds, tags);
    }

    /// <summary>A receiver has accepted an event.</summary>
    public static void WebhookAccepted(TimeSpan lag) => WebhookLag.Record(lag.TotalSeconds);

    /// <summary>A request was rejected because of a limit.</summary>
    public static void LimitExceeded(string? limit) =>
        LimitsExceeded.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Limit, limit));
}
