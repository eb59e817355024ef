using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Mcp;

/// <summary>The tools of MCP servers in one run.</summary>
/// <param name="Tools">The tools. Those of a server that was lost are kept: their calls connect it again.</param>
/// <param name="Unavailable">The names of servers that are not connected.</param>
/// <param name="Own">The connections that only this run uses.</param>
internal sealed record McpRun(
    IReadOnlyList<AIFunction> Tools, IReadOnlyList<string> Unavailable, IReadOnlyList<McpConnection> Own) : IAsyncDisposable
{
    /// <summary>No tools.</summary>
    public static McpRun Empty { get; } = new([], [], []);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var connection in Own)
            await connection.DisposeAsync();
    }
}
