using System.Globalization;
using System.Text;
using ServerlessA2A.Agents;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// All that an agent is to do on a task, step by step: drawn from a number that the client's message holds. What comes of it is known
/// beforehand, wherever the agent is cut off and however often.
/// </summary>
internal sealed class Plan
{
    private static readonly string[] ArtifactIds = ["a", "b", "c"];

    public Plan(int seed)
    {
        var random = new Random(seed);
        Seed = seed;
        IsStubborn = random.Next(10) == 0;
        Listens = random.Next(3) > 0;
        var steps = new List<Step>();
        var begun = new HashSet<string>();
        for (var left = random.Next(3, 40); left > 0; left--)
            steps.Add(Draw(random, begun, steps.Count));
        steps.Add(new Step(
            random.Next(12) switch
            {
                0 => AgentUpdate.Fail("as planned"),
                1 => AgentUpdate.Reject("as planned"),
                _ =>
            AgentUpdate.Complete() with { GoOnFrom = PointAt(steps.Count) }
            }));
        Steps = steps;
        Stages = [.. Enumerable.Range(0, steps.Count + 1).Select(TextsAfter)];
    }

    public int Seed { get; }

    /// <summary>Whether the agent goes on when it is told to stop.</summary>
    public bool IsStubborn { get; }

    /// <summary>Whether the agent takes in what its client says while it works; otherwise it is run again for it.</summary>
    public bool Listens { get; }

    public IReadOnlyList<Step> Steps { get; }

    /// <summary>The artifacts after so many steps.</summary>
    public IReadOnlyList<string> Stages { get; }

    /// <summary>The plan that a message asks for.</summary>
    public static Plan Of(string text) => new(int.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>From which step the agent goes on.</summary>
    /// <param name="checkpoint">The number of the step of the last checkpoint.</param>
    /// <param name="answers">How often the client has answered.</param>
    public int GoesOnAt(int checkpoint, int answers)
    {
        var answered = 0;
        for (var i = 0; i < Steps.Count && answers > 0; i++)
        {
            if (Steps[i].Update is AskUpdate && --answers == 0)
                answered = i + 1;
        }

        return Math.Max(checkpoint, answered);
    }

    /// <summary>Artifacts in short: ids and texts, in their order.</summary>
    public static string Describe(IEnumerable<(string Id, string Text)> artifacts) =>
        string.Join(" | ", artifacts.Where(artifact => artifact.Id != Heard.ArtifactId)
            .Select(artifact => $"{artifact.Id}: {artifact.Text}"));

    /// <summary>What the agent wants back to go on with a step.</summary>
    private static byte[] PointAt(int step) => Encoding.UTF8.GetBytes(step.ToString(CultureInfo.InvariantCulture));

    private static Step Draw(Random random, HashSet<string> begun, int number)
    {
        var id = ArtifactIds[random.Next(ArtifactIds.Length)];
        switch (random.Next(20))
        {
            case < 10:
                return new Step(AgentUpdate.Append(id, $"{number} ") with { Append = !begun.Add(id) });
            case < 12:
                begun.Add(id);
                return new Step(AgentUpdate.Append(id, $"anew {number} ") with { Append = false });
            case < 15:
                return new Step(AgentUpdate.SaveCheckpoint(PointAt(number + 1)));
            case < 16:
                return new Step(AgentUpdate.Report($"at {number}"));
            case < 17:
                return new Step(AgentUpdate.Ask($"after {number}?"));
            default:
                // From a moment to longer than a run may take.
                return new Step(null, TimeSpan.FromMilliseconds(Math.Pow(10, 1 + (3.8 * random.NextDouble()))));
        }
    }

    private string TextsAfter(int count)
    {
        var texts = new List<(string Id, string Text)>();
        foreach (var chunk in Steps.Take(count).Select(step => step.Update).OfType<ArtifactUpdate>())
        {
            var (id, text) = (chunk.Content.ArtifactId, chunk.Content.Parts[0].Text!);
            var index = texts.FindIndex(artifact => artifact.Id == id);
            if (index < 0)
                texts.Add((id, text));
            else
                texts[index] = (id, (chunk.Append ? texts[index].Text : "") + text);
        }

        return Describe(texts);
    }

    /// <summary>A step: something to say, or a pause.</summary>
    public sealed record Step(AgentUpdate? Update, TimeSpan Pause = default);
}
