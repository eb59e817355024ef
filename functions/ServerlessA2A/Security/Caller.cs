using System.Globalization;

namespace ServerlessA2A.Security;

/// <summary>The caller of a request. Every read, list and write of a task is bound to its <see cref="Owner"/>.</summary>
/// <param name="Tenant">The tenant of the path or the request; empty for the default tenant.</param>
/// <param name="Name">The caller's identity; empty for an anonymous caller.</param>
public sealed record Caller(string Tenant, string Name)
{
    private static readonly char[] AgentEnds = ['/', ':'];

    /// <summary>The anonymous caller of the default tenant.</summary>
    public static Caller Anonymous { get; } = new("", "");

    /// <summary>Whether the caller is anonymous. All anonymous callers of a tenant are one owner.</summary>
    public bool IsAnonymous => Name.Length == 0;

    /// <summary>The name of the called agent; empty for the unnamed agent.</summary>
    public string Agent { get; init; } = "";

    /// <summary>
    /// The owner of tasks: agent, tenant and caller together, so that stores need not know of agents. The tenant is preceded by its length,
    /// so that no tenant can forge another owner. An agent's name contains neither a slash nor a colon and is present only if it is not
    /// empty.
    /// </summary>
    public string Owner => Agent.Length == 0 ? $"{Tenant.Length}:{Tenant}:{Name}" : $"{Agent}/{Tenant.Length}:{Tenant}:{Name}";

    /// <summary>The name of the agent in an <see cref="Owner"/>.</summary>
    internal static string AgentOf(string owner) =>
        owner.IndexOfAny(AgentEnds) is >= 0 and var end && owner[end] == '/' ? owner[..end] : "";

    /// <summary>
    /// Who shares turns: the tenant with an agent, or in the default tenant the caller, as the name of an <see cref="Owner"/>.
    /// </summary>
    internal static string TenantOrOwnerOf(string owner) =>
        Read(owner) is { Tenant.Length: > 0 } caller ? (caller with { Name = "" }).Owner : owner;

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
