//#if (gemini)
using Microsoft.Extensions.DependencyInjection;
//#endif
using ServerlessA2A.Functions;

var builder = A2AFunctions.CreateBuilder(args);
//#if (gemini)
builder.Services.AddAgentTool(global::My_Agent.Tools.RollDice, "roll_dice");
//#else
builder.AddAgent<global::My_Agent.EchoAgent>();
//#endif
return await builder.Build().RunAsync();
