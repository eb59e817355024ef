using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Mcp;

namespace ServerlessA2A.Chat;

/// <summary>The tools of one run: those of the agent, and those of the MCP servers.</summary>
/// <param name="ByName">The tools, by name.</param>
/// <param name="Declarations">The declarations that the model gets, including the built-in ones.</param>
/// <param name="Unavailable">The names of MCP servers that cannot be reached, whose tools may be missing.</param>
internal sealed record RunTools(
    IReadOnlyDictionary<string, AIFunction> ByName, IReadOnlyList<AITool> Declarations, IReadOnlyList<string> Unavailable)
{
    /// <summary>The names of all tools.</summary>
    public IEnumerable<string> Names => Declarations.Select(tool => tool.Name).Concat(ByName.Keys).Distinct();

    /// <summary>Adds the tools of MCP servers to those of the agent.</summary>
    public static RunTools Of(ChatAgentParts agent, McpRun mcp)
    {
        var allowed = mcp.Tools.Where(tool => !agent.Options.DisabledTools.Contains(tool.Name)).ToList();
        return new RunTools(
            agent.Tools.Values.Concat(allowed).ToDictionary(tool => tool.Name),
            [.. agent.Declarations, .. allowed.Select(tool => tool.AsDeclarationOnly())],
            mcp.Unavailable);
    }

    /// <summary>Says that there is no tool of a name, and why it may be missing.</summary>
    public string Without(string name)
    {
        var others = ByName.Count > 0 ? $"; there are {string.Join(", ", ByName.Keys)}" : "";
        var missing = Unavailable.Count > 0 ? $" These MCP servers are not available now: {string.Join(", ", Unavailable)}." : "";
        return $"There is no tool '{name}'{others}.{missing}";
    }
}
