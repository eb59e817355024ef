namespace ServerlessA2A.Agents;

/// <summary>An agent of the program.</summary>
/// <param name="name">The agent's name in paths and settings; empty for the unnamed agent.</param>
/// <param name="cards">The agent's cards.</param>
/// <param name="agent">Creates the agent on first use: functions that only answer clients never need it.</param>
internal sealed class HostedAgent(string name, AgentCards cards, Func<IAgent> agent)
{
    /// <summary>The name in paths and settings; empty for the unnamed agent.</summary>
    public string Name { get; } = name;

    /// <summary>The name for people: that of the card where the agent has no other.</summary>
    public string Title => Name.Length == 0 ? Cards.Name : Name;

    /// <summary>The agent's cards.</summary>
    public AgentCards Cards { get; } = cards;

    /// <summary>The agent itself.</summary>
    public IAgent Agent => agent();
}
