using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Chat.Mcp;

/// <summary>Reads the MCP servers from the section <c>A2A:Mcp</c>.</summary>
/// <param name="configuration">The program's configuration.</param>
internal sealed class McpSettings(IConfiguration configuration) : IConfigureOptions<McpOptions>, IValidateOptions<McpOptions>
{
    /// <inheritdoc/>
    public void Configure(McpOptions options) => configuration.GetSection(McpOptions.Section).Bind(options);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, McpOptions options) =>
        SettingFault.ResultOf(IgnoredSettings.Faults(configuration.GetSection(McpOptions.Section), typeof(McpOptions)));
}
