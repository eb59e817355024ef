namespace ServerlessA2A.Chat.Mcp;

/// <summary>A tool of an MCP server returned an error.</summary>
internal sealed class McpToolException(string message) : Exception(message);
