using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>What all runs of the agent share.</summary>
/// <param name="Chat">The model.</param>
/// <param name="Options">How it is used.</param>
/// <param name="Tools">What it may call, by name.</param>
/// <param name="Declarations">What it is told that it may call, the built-in tools among them.</param>
/// <param name="ResponseSchema">What answers in JSON must satisfy; null for any JSON.</param>
/// <param name="Services">For tools that need services.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
internal sealed record GeminiAgentParts(
    IChatClient Chat,
    GeminiOptions Options,
    IReadOnlyDictionary<string, AIFunction> Tools,
    IReadOnlyList<AITool> Declarations,
    JsonElement? ResponseSchema,
    IServiceProvider Services,
    TimeProvider Time,
    ILogger Logger);
