using AgentFramework;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;

var builder = A2AFunctions.CreateBuilder(args);
// An agent over a model is one line too: builder.Services.AddAgent(new ChatClientAgent(chatClient, "You are a travel agent."));
builder.Services.AddAgent(_ => Expenses.Workflow().AsAIAgent(name: "Expenses"));
return await builder.Build().RunAsync();
