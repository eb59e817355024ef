namespace ServerlessA2A.Agents;

/// <summary>The agents of the program.</summary>
internal sealed class HostedAgents
{
    private readonly Dictionary<string, HostedAgent> _byName;

    /// <param name="all">All of them; the first one is the default.</param>
    public HostedAgents(IReadOnlyList<HostedAgent> all)
    {
        All = all;
        _byName = all.ToDictionary(agent => agent.Name, StringComparer.Ordinal);
    }

    /// <summary>All agents, the default one first.</summary>
    public IReadOnlyList<HostedAgent> All { get; }

    /// <summary>The agent at <c>/</c>: the one without a name, or else the first one that was added.</summary>
    public HostedAgent Default => All[0];

    /// <summary>Whether an agent has a name.</summary>
    public bool HaveNames => All is not [{ Name: "" }];

    /// <summary>
    /// The agent of a name; null where there is none. The empty name is that of the agent without one, and else finds the default agent: tasks from
    /// before the program's only agent was given a name are still run.
    /// </summary>
    public HostedAgent? Find(string name) => _byName.GetValueOrDefault(name) ?? (name.Length == 0 ? Default : null);
}
