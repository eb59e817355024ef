using McpTools;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;

if (args is ["clock-server"])
{
    await ClockServer.RunAsync();
    return 0;
}

var builder = A2AFunctions.CreateBuilder(args);
builder.Services.AddMcpTools(server =>
{
    server.Name = "clock";
    server.Command = "dotnet"; // This program again, as an MCP server; npx, uvx and docker work likewise.
    server.Arguments.Add(typeof(ClockServer).Assembly.Location);
    server.Arguments.Add("clock-server");
});
// With A2A__Gemini__Model, Gemini is the agent.
if (string.IsNullOrEmpty(builder.Configuration["A2A:Gemini:Model"]))
    builder.AddChatAgent(_ => new OfflineModel());
return await builder.Build().RunAsync();
