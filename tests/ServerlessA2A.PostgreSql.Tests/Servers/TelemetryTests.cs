using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.PostgreSql.Tests.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.PostgreSql.Tests.Servers;

/// <summary>Npgsql's traces and metrics, which an application collects by the names that <c>docs/storage.md</c> gives.</summary>
public sealed class TelemetryTests
{
    [SkippableFact]
    public async Task EachRoundTripIsASpanBelowThatOfItsCallerAndHoldsNoContent()
    {
        using var source = new ActivitySource("ServerlessA2A.PostgreSql.Tests");
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = each => each == source || each.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Store(new ManualTimeProvider());
        var task = TestTasks.New("a secret text");
        ActivityTraceId trace;
        using (var caller = source.StartActivity("caller")!)
        {
            trace = caller.TraceId;
            await store.CreateAsync(task, default);
            await store.ReadAsync(null, task.Snapshot.Id, default);
        }

        var ours = spans.Where(span => span.TraceId == trace && span.Source.Name == "Npgsql").ToList();
        Assert.Equal(2, ours.Count(span => $"{span.GetTagItem("db.query.text")}".Contains(".tasks", StringComparison.Ordinal)));
        Assert.All(
            ours.SelectMany(span => span.TagObjects), tag => Assert.DoesNotContain("secret", $"{tag.Value}", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task NpgsqlMeasuresItsCommands()
    {
        var measured = new ConcurrentDictionary<string, bool>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Npgsql")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => measured[instrument.Name] = true);
        listener.Start();
        await using var database = await TestDatabase.CreateAsync();

        await database.Store(new ManualTimeProvider()).ReadAsync(null, "t", default);

        Assert.Contains("db.client.operation.duration", measured.Keys);
    }

    [Fact]
    public void NothingOfOpenTelemetryIsReferenced() => Assert.DoesNotContain(
        typeof(Database).Assembly.GetReferencedAssemblies(),
        assembly => assembly.Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal));
}
