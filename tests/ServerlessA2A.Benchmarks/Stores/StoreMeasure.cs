using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Benchmarks.Emulators;
using ServerlessA2A.GoogleCloud.Tests.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Benchmarks.Stores;

/// <summary>
/// The same tasks in memory, on Firestore's emulator and on PostgreSQL, side by side: rounds alternate between the stores.
/// </summary>
internal static class StoreMeasure
{
    private const int Clients = 32;

    private static readonly CallContext Call = new() { Caller = new Caller("", "benchmark"), Version = ProtocolVersion.V1_0 };

    public static async Task RunAsync(Options options, Report report)
    {
        // Each chunk is written at once, so that its delay is the store's alone.
        var settings = ("A2A:Tasks:GatherInterval", "00:00:00");
        await using var memory = await StorePair.InMemoryAsync(settings);
        await using var emulators = await EmulatorPair.StartAsync(static (services, _) => services.AddAgent<StampingAgent>(), settings);
        await using var postgres = await StorePair.PostgreSqlAsync(settings);
        TaskLifecycle[] stores = [memory.Lifecycle, emulators.Lifecycle, postgres.Lifecycle];

        foreach (var lifecycle in stores)
            await SendAsync(lifecycle);
        await CostAsync(emulators.Lifecycle, postgres.Lifecycle, report);
        await CompareAsync("a chunk to another instance", " ms", ChunkAsync, Target.AtMost(10));
        await CompareAsync("a blocking send", " ms", lifecycle => MedianAsync(() => SendAsync(lifecycle)));
        await CompareAsync($"{Clients} clients: blocking sends", "/s", lifecycle => LoadAsync(() => SendAsync(lifecycle), options.Seconds));
        await CompareAsync($"{Clients} clients: streams", "/s", lifecycle => LoadAsync(() => StreamAsync(lifecycle), options.Seconds));
        var polled = new Dictionary<TaskLifecycle, string>();
        foreach (var lifecycle in stores)
            polled[lifecycle] = (await SendAsync(lifecycle)).Id;
        await CompareAsync(
            $"{Clients} clients: polls", "/s",
            lifecycle =>
            LoadAsync(() => lifecycle.GetAsync(Call, new GetTaskRequest { Id = polled[lifecycle] }, default), options.Seconds));

        // The first figure is that of Firestore's emulator, the second one that of PostgreSQL.
        async Task CompareAsync(string question, string unit, Func<TaskLifecycle, Task<double>> measure, Target? target = null)
        {
            var figures = stores.Select(_ => new List<double>()).ToArray();
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var (figure, lifecycle) in figures.Zip(stores))
                    figure.Add(await measure(lifecycle));
            }

            report.Add($"{question}: in memory", Report.Median(figures[0]), unit, Target.None);
            report.Add($"{question}: Firestore, PostgreSQL", figures[1], figures[2], unit, Target.None);
            if (target is not null)
                report.Add($"{question}: PostgreSQL", Report.Median(figures[2]), unit, target);
        }
    }

    /// <summary>Documents and round trips for a task, a poll and a stream.</summary>
    private static async Task CostAsync(TaskLifecycle firestore, TaskLifecycle postgres, Report report)
    {
        using var bill = new Bill();
        long trips = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "a2a.postgresql.round_trips")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref trips, count));
        listener.Start();
        foreach (var (what, act) in new (string, Func<TaskLifecycle, Task>)[]
        {
            ("a blocking send", SendAsync), ("a stream of 100 chunks", lifecycle => ChunkAsync(lifecycle)),
        })
        {
            var (reads, writes, before) = (bill.Reads, bill.Writes, Interlocked.Read(ref trips));
            await act(firestore);
            await act(postgres);
            // What the worker does when the client has its answer.
            await Task.Delay(500);
            report.Add($"Firestore: documents written for {what}", bill.Writes - writes, "", Target.None);
            report.Add($"Firestore: documents read for {what}", bill.Reads - reads, "", Target.None);
            report.Add($"PostgreSQL: round trips for {what}", Interlocked.Read(ref trips) - before, "", Target.None);
        }
    }

    /// <summary>How late a chunk is, in milliseconds: the median of a stream.</summary>
    private static async Task<double> ChunkAsync(TaskLifecycle lifecycle)
    {
        var late = new List<double>();
        await foreach (var item in lifecycle.SendStreamingAsync(Call, Request("100"), null, default))
        {
            if (item.Response.ArtifactUpdate is { } update)
                late.AddRange(
                    update.Artifact.Parts.SelectMany(part => part.Text!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(Lateness));
        }

        return Report.Median(late);
    }

    private static double Lateness(string stamp) =>
        Stopwatch.GetElapsedTime(long.Parse(stamp, CultureInfo.InvariantCulture)).TotalMilliseconds;

    private static async Task<A2ATask> SendAsync(TaskLifecycle lifecycle) =>
        (await lifecycle.SendAsync(Call, Request("hello"), default)).Task!;

    private static async Task StreamAsync(TaskLifecycle lifecycle)
    {
        await foreach (var _ in lifecycle.SendStreamingAsync(Call, Request("hello"), null, default))
        {
            // To its end.
        }
    }

    private static async Task<double> MedianAsync(Func<Task> act)
    {
        var times = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await act();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return Report.Median(times);
    }

    /// <summary>How many a second are done.</summary>
    private static async Task<double> LoadAsync(Func<Task> act, int seconds)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; count++)
                await act();
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static SendMessageRequest Request(string text) => new()
    {
        Message = new Message { MessageId = Guid.NewGuid().ToString(), Role = Role.User, Parts = [Part.FromText(text)] },
    };
}
