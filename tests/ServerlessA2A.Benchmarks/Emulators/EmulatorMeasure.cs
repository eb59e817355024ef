using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.GoogleCloud.Tests.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Benchmarks.Emulators;

/// <summary>What tasks on Firestore and Pub/Sub cost and take, on the emulators: speed against their own floor in the same run.</summary>
internal static class EmulatorMeasure
{
    private const int Clients = 32;

    private static readonly CallContext Call = new() { Caller = new Caller("", "benchmark"), Version = ProtocolVersion.V1_0 };

    public static async Task RunAsync(Options options, Report report)
    {
        await using var pair = await EmulatorPair.StartAsync(
            static (services, _) => services.AddAgent<StampingAgent>(), ("A2A:Tasks:GatherInterval", "00:00:00.010"));
        // The first task of all is slow enough for its answer and its end to be written apart.
        await SendAsync(pair);
        await CostAsync(pair, report);
        // Before there are many tasks: the emulator's queries, and so its listeners, take longer with each document there is.
        await ChunksAsync(pair, report);
        await LoadAsync(pair.FloorAsync, 3);
        await LoadAsync(() => SendAsync(pair), 3);
        await SequentialAsync(pair, options, report);
        await TogetherAsync(pair, options, report);
    }

    private static async Task CostAsync(EmulatorPair pair, Report report)
    {
        using var bill = new Bill();
        var task = (await pair.Lifecycle.SendAsync(Call, Request("hello", immediately: true), default)).Task!;
        // Finished by the worker alone: nobody watches. Then the polls, which are counted by themselves.
        while (bill.Writes < 6)
            await Task.Delay(20);
        report.Add("documents written for a simple task", bill.Writes, "", Target.AtMost(6));
        report.Add("documents read for a simple task", bill.Reads, "", Target.AtMost(2));
        var before = bill.Reads;
        await pair.Lifecycle.GetAsync(Call, new GetTaskRequest { Id = task.Id }, default);
        report.Add("documents read for a poll", bill.Reads - before, "", Target.AtMost(1));
        before = bill.Writes;
        await pair.Lifecycle.SendAsync(Call, Request("100"), default);
        report.Add("documents written for a stream of 100 chunks", bill.Writes - before, "", Target.AtMost(110));
    }

    private static async Task SequentialAsync(EmulatorPair pair, Options options, Report report)
    {
        var (floor, ours) = (new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            floor.Add(await MedianAsync(pair.FloorAsync));
            ours.Add(await MedianAsync(() => SendAsync(pair)));
        }

        report.Add("one after the other: a blocking send", floor, ours, " ms", Target.AtMost(1.5));
    }

    private static async Task TogetherAsync(EmulatorPair pair, Options options, Report report)
    {
        var (floor, ours) = (new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            floor.Add(await LoadAsync(pair.FloorAsync, options.Seconds));
            ours.Add(await LoadAsync(() => SendAsync(pair), options.Seconds));
        }

        report.Add($"{Clients} clients: blocking sends", floor, ours, "/s", Target.AtLeast(0.6));
    }

    private static async Task ChunksAsync(EmulatorPair pair, Report report)
    {
        var late = new List<double>();
        await foreach (var item in pair.Lifecycle.SendStreamingAsync(Call, Request("100"), null, default))
        {
            if (item.Response.ArtifactUpdate is { } update)
                late.AddRange(
                    update.Artifact.Parts.SelectMany(part => part.Text!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(Lateness));
        }

        report.Add("a chunk to a subscriber on another instance", Report.Median(late), " ms", Target.AtMost(60));
    }

    private static double Lateness(string stamp) =>
        Stopwatch.GetElapsedTime(long.Parse(stamp, CultureInfo.InvariantCulture)).TotalMilliseconds;

    private static async Task<A2ATask> SendAsync(EmulatorPair pair) =>
        (await pair.Lifecycle.SendAsync(Call, Request("hello"), default)).Task!;

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

    private static SendMessageRequest Request(string text, bool immediately = false) => new()
    {
        Message = new Message { MessageId = Guid.NewGuid().ToString(), Role = Role.User, Parts = [Part.FromText(text)] },
        Configuration = new SendMessageConfiguration { ReturnImmediately = immediately },
    };
}
