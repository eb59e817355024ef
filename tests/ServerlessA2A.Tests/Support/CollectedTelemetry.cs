using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ServerlessA2A.Tests.Support;

/// <summary>
/// The spans and measurements of one test: those of the packages' sources and meters below an activity that the test is in. Tests that run
/// at the same time do not see each other's.
/// </summary>
public sealed class CollectedTelemetry : IDisposable
{
    private readonly Activity _root = new("test") { ActivityTraceFlags = ActivityTraceFlags.Recorded };
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<Measurement> _measurements = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ended = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    private CollectedTelemetry()
    {
        _root.SetIdFormat(ActivityIdFormat.W3C).Start();
        _activities = new ActivityListener
        {
            // The span of ASP.NET Core carries the trace of a request's header.
            ShouldListenTo = source => IsOurs(source.Name) || source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == _root.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == _root.TraceId && IsOurs(span.Source.Name))
                {
                    _spans.Enqueue(span);
                    Ended(span.DisplayName).TrySetResult();
                }
            },
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();
    }

    /// <summary>The trace of the test, as a header has it.</summary>
    public string TraceParent => _root.Id!;

    /// <summary>The spans that have ended, in this order.</summary>
    public IReadOnlyList<Activity> Spans => [.. _spans];

    /// <summary>Begins to collect, and makes the test's activity the current one.</summary>
    public static CollectedTelemetry Start() => new();

    /// <summary>The one span of this name.</summary>
    public Activity Span(string name) => Assert.Single(_spans, span => span.DisplayName == name);

    /// <summary>Waits until a span of this name has ended.</summary>
    public Task EndedAsync(string name) => Ended(name).Task;

    /// <summary>What an instrument has measured.</summary>
    public IReadOnlyList<Measurement> Measured(string instrument) => [.. _measurements.Where(each => each.Instrument == instrument)];

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
        _root.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("ServerlessA2A", StringComparison.Ordinal) && !name.EndsWith("Tests", StringComparison.Ordinal);

    private TaskCompletionSource Ended(string name) =>
        _ended.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Activity.Current?.TraceId != _root.TraceId)
            return;
        var read = new Dictionary<string, object?>();
        foreach (var (name, tag) in tags)
            read.Add(name, tag);
        _measurements.Enqueue(new Measurement(instrument.Name, value, read));
    }

    /// <summary>One measurement.</summary>
    public sealed record Measurement(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags);
}
