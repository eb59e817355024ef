using System.ClientModel;
using ChatClientAgent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using ServerlessA2A.Functions;

var builder = A2AFunctions.CreateBuilder(args);
var (endpoint, model, key) = (
    builder.Configuration["OpenAI:Endpoint"] ?? "http://localhost:11434/v1", // Ollama on this machine
    builder.Configuration["OpenAI:Model"] ?? "qwen3",
    builder.Configuration["OpenAI:ApiKey"] ?? "none");
builder.AddChatAgent(_ => new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(endpoint) })
    .GetChatClient(model).AsIChatClient());
builder.Services.AddAgentTool(Orders.Cancel, "cancel_order");
return await builder.Build().RunAsync();
