using Microsoft.Extensions.DependencyInjection;
using OAuthTool;
using ServerlessA2A.Functions;

var builder = A2AFunctions.CreateBuilder(args);
builder.Services.AddAgentTool(Calendar.ReadAsync, "read_calendar");
// With A2A__Gemini__Model, Gemini is the agent.
if (string.IsNullOrEmpty(builder.Configuration["A2A:Gemini:Model"]))
    builder.AddChatAgent(_ => new OfflineModel());
return await builder.Build().RunAsync();
