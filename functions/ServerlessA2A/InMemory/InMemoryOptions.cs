namespace ServerlessA2A.InMemory;

/// <summary>The bounds of the in-memory store: the section <c>A2A:InMemory</c>.</summary>
public sealed class InMemoryOptions
{
    /// <summary>
    /// How many tasks are kept. 10,000 unless set. Above it the resting task whose status is oldest is forgotten; where all are still at
    /// work, new ones are refused.
    /// </summary>
    public int MaxTasks { get; set; } = 10_000;

    /// <summary>What is wrong with the settings.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxTasks < 1)
            yield return $"A2A:InMemory:MaxTasks (A2A__InMemory__MaxTasks) is {MaxTasks}: set at least 1.";
    }
}
