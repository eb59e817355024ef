using System.Globalization;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>
/// The recorder of journeys: what the agents' runs did, in the order in which it happened. It outlives every instance.
/// </summary>
/// <remarks>
/// A result that a run has shown to the model, or that a step has passed on, was saved before. No run that starts later may make that call
/// again. A call whose result was not saved when its run was lost is made again, once by each run at most; by a ChatAgent with the same id.
/// </remarks>
internal sealed class Journeys : IAsyncDisposable
{
    private readonly WebhookReceiver _receiver;

    private Journeys(WebhookReceiver receiver) => _receiver = receiver;

    public Uri Address => _receiver.Address;

    public static async Task<Journeys> StartAsync() => new(await WebhookReceiver.StartAsync());

    /// <summary>Has a method called whenever something is recorded.</summary>
    public void OnProgress(Action progressed) => _receiver.Answer = (_, _) =>
    {
        progressed();
        return Task.FromResult((204, (string?)null));
    };

    /// <summary>The text that a completed journey's artifact holds.</summary>
    public static string Report(string agent, int places)
    {
        var report = $"I was at {string.Join(", ", Enumerable.Range(1, places))}.";
        var turns = Enumerable.Range(1, places).Chunk(2).Select(pair => $"Off to {string.Join(" and ", pair)}!");
        return agent == "workflow" ? report : string.Join("\n\n", turns.Append(report));
    }

    /// <summary>All that should not have happened.</summary>
    public IEnumerable<string> Faults(IReadOnlyList<ChaosClient> clients)
    {
        foreach (var journey in Events().GroupBy(each => each.Journey))
        {
            var client = clients[journey.Key];
            var found = FaultsOf([.. journey]).Distinct().ToList();
            if (client.State == TaskStates.Completed)
            {
                var ended = journey.Where(each => each.What == "ended").Select(each => each.Place).ToHashSet();
                found.AddRange(Places(client).Where(place => !ended.Contains(place)).Select(place => $"{place} was never visited"));
            }

            var calls = journey.Where(each => each.What == "began").GroupBy(each => each.Place, each => each.Call);
            if (client.Plan.Text.Contains("chat", StringComparison.Ordinal) && calls.Any(ids => ids.Distinct().Count() > 1))
                found.Add("a call that was under way was made again with another id");

            if (found.Count > 0)
                yield return $"{client}: {string.Join("; ", found)}\n{string.Join('\n', journey)}";
        }
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    public override string ToString()
    {
        var events = Events();
        var began = events.Where(each => each.What == "began").ToList();
        return $"{events.Count(each => each.What == "started")} runs of {events.DistinctBy(each => each.Journey).Count()} journeys, " +
            $"{began.Count} visits, of which {began.Count - began.DistinctBy(each => (each.Journey, each.Place)).Count()} were under way " +
            "when their run was lost";
    }

    /// <summary>What must hold of the events of one journey.</summary>
    private static IEnumerable<string> FaultsOf(IReadOnlyList<Event> events)
    {
        var saved = new HashSet<int>();
        var savedBefore = new Dictionary<string, HashSet<int>>();
        var began = new HashSet<(string Run, int Place)>();
        foreach (var each in events)
        {
            if (each.What == "started")
                savedBefore[each.Run] = [.. saved];
            if (each.What == "shown")
                saved.Add(each.Place);
            if (each.What != "began")
                continue;
            if (savedBefore[each.Run].Contains(each.Place))
                yield return $"the visit of {each.Place} was finished, and was made again";
            if (!began.Add((each.Run, each.Place)))
                yield return $"a run has visited {each.Place} twice";
        }
    }

    private static IEnumerable<int> Places(ChaosClient client) =>
        Enumerable.Range(1, int.Parse(client.Plan.Text.Split(' ')[3], CultureInfo.InvariantCulture));

    private List<Event> Events() =>
    [
        .. _receiver.Received.Select(received => received.Path.Split('/')).Select(path => new Event(
            int.Parse(path[1], CultureInfo.InvariantCulture), path[2], path[3], int.Parse(path[4], CultureInfo.InvariantCulture), path[5])),
    ];

    private sealed record Event(int Journey, string Run, string What, int Place, string Call);
}
