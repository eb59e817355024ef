namespace ServerlessA2A.Chat.Mcp;

/// <summary>An MCP server could not be reached. It has been logged.</summary>
internal sealed class McpUnavailableException(string server, Exception? cause) : Exception(
    $"The MCP server '{server}' is not available now. Continue without it.", cause);
