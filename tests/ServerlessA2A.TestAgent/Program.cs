using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;
using ServerlessA2A.TestAgent;

// With a model it is the agent that ships, with a tool that tests can watch; without one it does what the message says.
var builder = A2AFunctions.CreateBuilder(args);
if (string.IsNullOrEmpty(builder.Configuration["A2A:Gemini:Model"]))
    builder.AddAgent<ObedientAgent>(replies: true);
else
    builder.Services.AddAgentTool(WatchedTool.Visit, "visit");
return await builder.Build().RunAsync();
