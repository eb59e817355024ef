namespace ServerlessA2A.Agents;

/// <summary>The agents of the program.</summary>
internal sealed class HostedAgents
{
    private readonly Dictionary<string, HostedAgent> _byName;

    /// <param name="all">All agents; the first one is the default.</param>
    public HostedAgents(IReadOnlyList<HostedAgent> all)
    {
        All = all;
        _byName = all.ToDictionary(agent => agent.Name, StringComparer.Ordinal);
    }

    /// <summary>All agents, the default one first.</summary>
    public IReadOnlyList<HostedAgent> All { get; }

    /// <summary>The agent at <c>/</c>: the unnamed one, or else the first one that was added.</summary>
    public HostedAgent Default => All[0];

    /// <summary>Whether any agent has a name.</summary>
    public bool HaveNames => All is not [{ Name: "" }];

    /// <summary>
    /// Finds an agent by name; null if there is none. The empty name finds the unnamed agent, or else the default agent, which still runs
    /// the tasks from before it got its name.
    /// </summary>
    public HostedAgent? Find(string name) => _byName.GetValueOrDefault(name) ?? (name.Length == 0 ? Default : null);
}
