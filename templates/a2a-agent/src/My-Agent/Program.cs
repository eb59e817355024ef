//#if (gemini)
using Microsoft.Extensions.DependencyInjection;
//#endif
using My_Agent;
using ServerlessA2A.Functions;

var builder = A2AFunctions.CreateBuilder(args);
//#if (gemini)
builder.Services.AddAgentTool(Tools.RollDice, "roll_dice");
//#else
builder.AddAgent<EchoAgent>();
//#endif
return await builder.Build().RunAsync();
