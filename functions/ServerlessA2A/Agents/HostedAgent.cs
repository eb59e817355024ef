namespace ServerlessA2A.Agents;

/// <summary>An agent of the program.</summary>
/// <param name="name">Its name in paths and settings; empty for the one without a name.</param>
/// <param name="cards">Its cards.</param>
/// <param name="agent">The agent itself. It is made when it is first run: the functions that answer clients never need it.</param>
internal sealed class HostedAgent(string name, AgentCards cards, Func<IAgent> agent)
{
    /// <summary>The name in paths and settings; empty for the agent without a name.</summary>
    public string Name { get; } = name;

    /// <summary>The agent's cards.</summary>
    public AgentCards Cards { get; } = cards;

    /// <summary>The agent itself.</summary>
    public IAgent Agent => agent();
}
