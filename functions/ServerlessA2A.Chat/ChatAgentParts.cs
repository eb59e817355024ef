using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Chat.Models;

namespace ServerlessA2A.Chat;

/// <summary>The dependencies that all runs of the agent share.</summary>
/// <param name="Model">The model.</param>
/// <param name="Options">The settings.</param>
/// <param name="Tools">The tools, by name.</param>
/// <param name="Mcp">The tools of MCP servers, which a run opens.</param>
/// <param name="Declarations">The declarations of tools that the model gets, including the built-in ones.</param>
/// <param name="ResponseSchema">The schema for answers in JSON; null for any JSON.</param>
/// <param name="Services">The services for tools.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
internal sealed record ChatAgentParts(
    ChatModel Model,
    ChatAgentOptions Options,
    IReadOnlyDictionary<string, AIFunction> Tools,
    McpTools Mcp,
    IReadOnlyList<AITool> Declarations,
    JsonElement? ResponseSchema,
    IServiceProvider Services,
    TimeProvider Time,
    ILogger Logger);
