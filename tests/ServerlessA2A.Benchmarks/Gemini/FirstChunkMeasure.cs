using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Benchmarks.Measures;
using ServerlessA2A.FakeVertex;

namespace ServerlessA2A.Benchmarks.Gemini;

/// <summary>
/// How much later than from the model itself a client has the first words: from the moment when the model is let go, to the first
/// artifact in the client's stream. A bare call of the same model, just before, is the reference.
/// </summary>
internal static class FirstChunkMeasure
{
    private const int Samples = 200;
    private const int WarmUp = 50;
    private const double Budget = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Until what was called waits for the model, with all that it has set up for that.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(5);

    public static async Task RunAsync(Options options, Report report)
    {
        await using var vertex = await FakeVertexAI.StartAsync();
        await MeasureAsync(vertex, "without gathering", gathering: 0, options, report, ("A2A:Tasks:GatherInterval", "00:00:00"));
        await MeasureAsync(vertex, "gathered by default", gathering: 300, options, report);
    }

    private static async Task MeasureAsync(
        FakeVertexAI vertex, string how, double gathering, Options options, Report report, params (string, string)[] settings)
    {
        var model = new Model(vertex.Endpoint);
        await using var engine = new InMemoryEngine(
            static (services, configuration) => services.AddGemini(configuration), [.. model.Settings, .. settings]);
        var (reference, added) = (new List<double>(), new List<double>());
        for (var i = -WarmUp; i < Math.Max(Samples, 40 * options.Rounds); i++)
        {
            var bare = await MeasureOnceAsync(vertex, () => CallAsync(model));
            var streamed = await MeasureOnceAsync(vertex, () => StreamAsync(engine));
            if (i < 0)
                continue;
            reference.Add(bare);
            added.Add(streamed - bare);
        }

        added.Sort();
        report.Add("first chunk of a bare call, median", Report.Median(reference), " ms", Target.None);
        report.Add($"… later in a task, {how}, median", Report.Median(added), " ms", Target.AtMost(Budget + gathering));
        report.Add($"… later in a task, {how}, 95 %", added[added.Count * 95 / 100], " ms", Target.AtMost(Budget + gathering));
    }

    /// <summary>From letting the model go to what is there first of it, in milliseconds.</summary>
    private static async Task<double> MeasureOnceAsync(FakeVertexAI vertex, Func<(Task<long> First, Task End)> begin)
    {
        var (first, rest) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        // Not over with its first chunk: what has ended is not gathered any longer.
        vertex.Enqueue(ModelTurn.Wait(first.Task).Say("Hello").Wait(rest.Task).Say(", world."));
        var answer = begin();
        await vertex.NextCallAsync(Patience);
        await Task.Delay(Settling);
        var released = Stopwatch.GetTimestamp();
        first.SetResult();
        var time = Stopwatch.GetElapsedTime(released, await answer.First.WaitAsync(Patience));
        rest.SetResult();
        await answer.End;
        return time.TotalMilliseconds;
    }

    private static (Task<long> First, Task End) CallAsync(Model model)
    {
        var call = model.Stream("Hello");
        var responses = call.GetResponseStream();
        var first = FirstAsync();
        return (first, EndAsync());

        async Task<long> FirstAsync()
        {
            await responses.MoveNextAsync();
            return Stopwatch.GetTimestamp();
        }

        async Task EndAsync()
        {
            using var _ = call;
            await first;
            while (await responses.MoveNextAsync())
            {
                // To the end, as ours does.
            }
        }
    }

    private static (Task<long> First, Task End) StreamAsync(InMemoryEngine engine)
    {
        var answer = new AnswerBody();
        var end = StreamedTask.RunAsync(engine, "Hello", answer);
        return (FirstAsync(), end);

        // Where the task comes to nothing, so that nobody waits for its artifact.
        async Task<long> FirstAsync()
        {
            if (await Task.WhenAny(answer.FirstArtifact, end) == end)
                await end;
            return await answer.FirstArtifact;
        }
    }
}
