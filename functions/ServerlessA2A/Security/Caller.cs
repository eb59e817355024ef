using System.Globalization;

namespace ServerlessA2A.Security;

/// <summary>Who calls. Every read, list and write of a task is bound to its <see cref="Owner"/>.</summary>
/// <param name="Tenant">The tenant named by the path or the request; empty for the default one.</param>
/// <param name="Name">The caller's identity; empty for an anonymous one.</param>
public sealed record Caller(string Tenant, string Name)
{
    private static readonly char[] AgentEnds = ['/', ':'];

    /// <summary>The anonymous caller of the default tenant.</summary>
    public static Caller Anonymous { get; } = new("", "");

    /// <summary>Whether nobody knows who calls. All anonymous callers of a tenant are one owner.</summary>
    public bool IsAnonymous => Name.Length == 0;

    /// <summary>The name of the agent that is called; empty for the one without a name.</summary>
    public string Agent { get; init; } = "";

    /// <summary>
    /// Whose the tasks are: agent, tenant and caller together, so that no store needs to know of agents. The tenant's length goes before it, so that no
    /// tenant can spell another's owner; an agent's name has neither a slash nor a colon, and stands in front only where there is one.
    /// </summary>
    public string Owner => Agent.Length == 0 ? $"{Tenant.Length}:{Tenant}:{Name}" : $"{Agent}/{Tenant.Length}:{Tenant}:{Name}";

    /// <summary>The name of the agent in an <see cref="Owner"/>.</summary>
    internal static string AgentOf(string owner) => owner.IndexOfAny(AgentEnds) is >= 0 and var end && owner[end] == '/' ? owner[..end] : "";

    /// <summary>The caller that has an <see cref="Owner"/>.</summary>
    internal static Caller Read(string owner)
    {
        var agent = AgentOf(owner);
        var length = agent.Length == 0 ? 0 : agent.Length + 1;
        var colon = owner.IndexOf(':', length);
        var end = colon + 1 + int.Parse(owner.AsSpan(length..colon), NumberStyles.None, CultureInfo.InvariantCulture);
        return new Caller(owner[(colon + 1)..end], owner[(end + 1)..]) { Agent = agent };
    }
}
