namespace ServerlessA2A.Chat.Mcp;

/// <summary>The servers of the Model Context Protocol (MCP) whose tools the chat agents call: the section <c>A2A:Mcp</c>.</summary>
public sealed class McpOptions
{
    internal const string Section = "A2A:Mcp";

    /// <summary>The servers. Default: none.</summary>
    public IList<McpServerOptions> Servers { get; } = [];

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Servers.Count; i++)
        {
            var section = $"{Section}:Servers:{i}";
            foreach (var fault in Servers[i].Validate(section))
                yield return fault;
            if (Servers[i].Name is { } name && !names.Add(name))
                yield return Settings.SettingFault.Of($"{section}:Name", name, "give each server a unique name.");
        }
    }
}
