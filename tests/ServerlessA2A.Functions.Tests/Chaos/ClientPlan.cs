using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>What a client wants of the agent, and how it behaves.</summary>
/// <param name="Text">What it says first.</param>
/// <param name="Result">The text that a completed task's artifact holds.</param>
internal sealed record ClientPlan(string Text, string Result)
{
    private const int LongestCount = 60;

    /// <summary>How a client follows its task.</summary>
    public enum Manner
    {
        /// <summary>Its sends are answered when the task is terminal or interrupted.</summary>
        Waits,

        /// <summary>It reads the stream, and takes it up again elsewhere when it breaks.</summary>
        Streams,

        /// <summary>Its sends are answered at once, and it polls.</summary>
        Polls,
    }

    public Manner Follows { get; private init; }

    /// <summary>What it says when it is asked. Default: what is then the result.</summary>
    public string Answer { get; private init; } = Result;

    /// <summary>How long it waits before it cancels; null for a client that does not.</summary>
    public TimeSpan? CancelsAfter { get; private init; }

    /// <summary>What it says while the agent is at work; null for a client that does not.</summary>
    public string? Adds { get; private init; }

    /// <summary>Whether it lets the task be, once it is accepted.</summary>
    public bool GoesAway { get; private init; }

    /// <summary>For what is decided on the way: whom it asks, when it hangs up.</summary>
    public int Seed { get; private init; }

    public static ClientPlan Draw(Random random, int number)
    {
        var plan = random.Next(20) switch
        {
            < 5 => new ClientPlan($"hello {number}", $"hello {number}"),
            < 9 => Count(random, checkpoints: ""),
            < 14 => Count(random, checkpoints: $" checkpoint {random.Next(2, 31)}"),
            < 17 => new ClientPlan("ask", $"answer {number}"),
            _ => new ClientPlan($"count {LongestCount} 40ms",
            Requests.Count(LongestCount))
            { CancelsAfter = TimeSpan.FromMilliseconds(random.Next(1500)) },
        };
        plan = plan with { Follows = (Manner)random.Next(3), GoesAway = plan.Text != "ask" && random.Next(15) == 0, Seed = random.Next() };
        // Only who was answered at once can say more before the task is terminal or interrupted.
        var adds = plan is { Follows: Manner.Polls, GoesAway: false, CancelsAfter: null } &&
            plan.Text.StartsWith("count", StringComparison.Ordinal);
        return plan with { Adds = adds ? $"more {number}" : null };
    }

    /// <summary>A journey of one of the agents that travel.</summary>
    public static ClientPlan DrawJourney(Random random, int number)
    {
        var (agent, places, pause) = (random.GetItems(["chat", "framework", "workflow"], 1)[0], random.Next(2, 7), random.Next(20, 120));
        var asks = agent != "workflow" && random.Next(3) == 0;
        return new ClientPlan($"travel {agent} {number} {places} {pause}ms{(asks ? " ask" : "")}", Journeys.Report(agent, places))
        {
            Answer = "yes",
            Follows = (Manner)random.Next(3),
            CancelsAfter = random.Next(12) == 0 ? TimeSpan.FromMilliseconds(random.Next(1500)) : null,
            GoesAway = !asks && random.Next(15) == 0,
            Seed = random.Next(),
        };
    }

    private static ClientPlan Count(Random random, string checkpoints)
    {
        var to = random.Next(10, LongestCount + 1);
        return new ClientPlan($"count {to} {random.Next(5, 41)}ms{checkpoints}", Requests.Count(to));
    }
}
