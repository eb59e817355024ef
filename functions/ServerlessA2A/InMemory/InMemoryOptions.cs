using ServerlessA2A.Settings;

namespace ServerlessA2A.InMemory;

/// <summary>The bounds of the in-memory store: the section <c>A2A:InMemory</c>.</summary>
public sealed class InMemoryOptions
{
    /// <summary>
    /// How many tasks the store holds. Above it, the store drops the terminal or interrupted task with the oldest status; if every task is
    /// still being worked on, it rejects new ones. Default: 10,000.
    /// </summary>
    public int MaxTasks { get; set; } = 10_000;

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxTasks < 1)
            yield return SettingFault.Of("A2A:InMemory:MaxTasks", MaxTasks, "set at least 1.");
    }
}
