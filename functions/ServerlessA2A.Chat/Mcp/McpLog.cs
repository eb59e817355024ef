using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Chat.Mcp;

/// <summary>Log events of MCP servers: ids 6100 to 6199, each with the server's name.</summary>
internal static partial class McpLog
{
    [LoggerMessage(6100, LogLevel.Warning,
        "MCP server {Server} could not be connected; agents continue without it, next try after {Pause}")]
    public static partial void NotConnected(ILogger logger, Exception exception, string server, TimeSpan pause);

    [LoggerMessage(6101, LogLevel.Warning, "MCP server {Server} was lost during a call of {Tool}; the next use connects again")]
    public static partial void Lost(ILogger logger, Exception exception, string server, string tool);

    [LoggerMessage(6102, LogLevel.Debug, "MCP server {Server} connected; {Tools} tools")]
    public static partial void Connected(ILogger logger, string server, int tools);

    [LoggerMessage(6103, LogLevel.Debug, "MCP server {Server} wrote to its standard error: {Line}")]
    public static partial void Output(ILogger logger, string server, string line);
}
