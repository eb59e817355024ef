using ModelContextProtocol.Server;

// The argument is a name that the tools return, so that tests see that it arrives.
var options = new McpServerOptions
{
    ToolCollection =
    [
        McpServerTool.Create(() => args.FirstOrDefault() ?? "", new() { Name = "get_argument" }),
        McpServerTool.Create((string name) => Environment.GetEnvironmentVariable(name) ?? "(not set)", new() { Name = "get_variable" }),
        McpServerTool.Create(() => Environment.ProcessId, new() { Name = "get_process" }),
        McpServerTool.Create(() => Environment.Exit(3), new() { Name = "crash" }),
    ],
};
await Console.Error.WriteLineAsync("The server starts.");
await using var server = McpServer.Create(new StdioServerTransport(options), options);
await server.RunAsync();
