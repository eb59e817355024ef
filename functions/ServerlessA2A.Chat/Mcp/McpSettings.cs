using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Chat.Mcp;

/// <summary>Reads the MCP servers from the section <c>A2A:Mcp</c>.</summary>
/// <param name="configuration">The program's configuration.</param>
internal sealed class McpSettings(IConfiguration configuration) : IConfigureOptions<McpOptions>
{
    /// <inheritdoc/>
    public void Configure(McpOptions options) => configuration.GetSection(McpOptions.Section).Bind(options);
}
