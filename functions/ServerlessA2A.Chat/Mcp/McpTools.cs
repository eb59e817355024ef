using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;

namespace ServerlessA2A.Chat.Mcp;

/// <summary>The tools of the configured MCP servers. Nothing of MCP is loaded before a run needs a server.</summary>
internal sealed partial class McpTools(IEnumerable<McpServerOptions> servers, TimeProvider time, ILogger logger)
    : IAsyncDisposable, IDisposable
{
    /// <summary>The longest name of a tool that all models accept.</summary>
    private const int MaxNameLength = 64;

    /// <summary>The connections that all runs share; null for a server that gets the caller's token.</summary>
    private readonly IReadOnlyList<(McpServerOptions Server, McpConnection? Shared)> _servers =
        [.. servers.Select(server => (server, server.ForwardAccessToken ? null : new McpConnection(server, null, time, logger)))];

    /// <summary>No servers.</summary>
    public static McpTools None { get; } = new([], TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    /// <summary>Opens the tools for a run, and connects the servers that are not connected.</summary>
    /// <param name="task">The task, whose caller's token is forwarded where a server's settings say so.</param>
    /// <param name="taken">The names of the agent's other tools.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task<McpRun> OpenAsync(AgentContext task, IEnumerable<string> taken, CancellationToken cancellationToken)
    {
        if (_servers.Count == 0)
            return McpRun.Empty;
        List<McpConnection> own = [];
        List<McpConnection> connections = [];
        foreach (var (server, shared) in _servers)
        {
            var connection = shared ?? new McpConnection(server, task.AccessToken, time, logger);
            connections.Add(connection);
            if (shared is null)
                own.Add(connection);
        }

        try
        {
            var isUp = await Task.WhenAll(connections.Select(connection => ConnectAsync(connection, cancellationToken)));
            return new McpRun(
                Named(connections, taken),
                [.. connections.Where((connection, i) => !isUp[i]).Select(connection => connection.Server.Name!)],
                own);
        }
        catch
        {
            await new McpRun([], [], own).DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, shared) in _servers)
        {
            if (shared is not null)
                await shared.DisposeAsync();
        }
    }

    /// <summary>For a service provider that is disposed synchronously.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static async Task<bool> ConnectAsync(McpConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ConnectAsync(cancellationToken);
            return true;
        }
        catch (McpUnavailableException)
        {
            return false;
        }
    }

    /// <summary>
    /// Names the tools as they are named on their servers. A name that two servers use, or another tool of the agent, follows its server's
    /// name. Characters that models reject become underscores.
    /// </summary>
    private List<AIFunction> Named(IEnumerable<McpConnection> connections, IEnumerable<string> taken)
    {
        var used = taken.ToHashSet();
        var offered = connections.SelectMany(connection => connection.Tools
            .Where(tool => connection.Server.Tools.Count == 0 || connection.Server.Tools.Contains(tool.Name))
            .Select(tool => (Connection: connection, Tool: tool, Name: Valid(tool.Name)))).ToList();
        var clashing = offered.CountBy(tool => tool.Name).Where(name => name.Value > 1).Select(name => name.Key).Union(used).ToHashSet();
        used.UnionWith(offered.Select(tool => tool.Name).Except(clashing));
        var named = new List<AIFunction>();
        foreach (var (connection, tool, name) in offered)
        {
            var unique = name;
            if (clashing.Contains(name))
            {
                unique = Valid($"{connection.Server.Name}_{name}");
                for (var i = 2; !used.Add(unique); i++)
                    unique = $"{unique[..Math.Min(unique.Length, MaxNameLength - 4)]}_{i}";
            }

            named.Add(new McpTool(connection, tool, unique, time));
        }

        return named;
    }

    private static string Valid(string name)
    {
        var valid = Invalid().Replace(name, "_");
        return valid.Length <= MaxNameLength ? valid : valid[..MaxNameLength];
    }

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Invalid();
}
