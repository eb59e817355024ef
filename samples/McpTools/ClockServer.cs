using System.ComponentModel;
using System.Globalization;
using ModelContextProtocol.Server;

namespace McpTools;

/// <summary>An MCP server on standard input and output, with one tool.</summary>
public static class ClockServer
{
    public static async Task RunAsync()
    {
        var options = new McpServerOptions { ToolCollection = [McpServerTool.Create(GetTime, new() { Name = "get_time" })] };
        await using var server = McpServer.Create(new StdioServerTransport(options), options);
        await server.RunAsync();
    }

    [Description("Gets the time in a time zone.")]
    private static string GetTime([Description("The IANA name of the time zone, such as Europe/Rome.")] string zone) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById(zone))
            .ToString("HH:mm", CultureInfo.InvariantCulture);
}
