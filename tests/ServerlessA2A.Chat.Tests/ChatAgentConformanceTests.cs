using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Chat.Models;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Tests.Conformance.Running;

namespace ServerlessA2A.Chat.Tests;

/// <summary>
/// The suite with the agent over a chat client. Its tools have no limits of time here: the suite lets a day pass in no time.
/// </summary>
public sealed class ChatAgentConformanceTests : AgentConformance, IDisposable
{
    private readonly ScriptedModel _model = new()
    {
        Answer = call => ((TextContent)call.Messages[0].Contents[0]).Text switch
        {
            "say" => ModelTurn.Say("one ", "two ", "three"),
            "tools" when call.Messages.Any(message => message.Role == ChatRole.Tool) => ModelTurn.Say("done"),
            "tools" => ModelTurn.Say("wait").Call("add", new { a = 1 }).Call("add", new { a = 2 }),
            "ask" => ModelTurn.Call("ask_user", new { question = "what?" }),
            "blocked" => ModelTurn.Finish(ChatFinishReason.ContentFilter),
            _ => ModelTurn.Fail(new HttpRequestException("no", null, System.Net.HttpStatusCode.Forbidden)),
        },
    };

    protected override IReadOnlyList<string> Messages => ["say", "tools", "ask", "blocked", "refused"];

    /// <summary>Text that was said after a checkpoint is said again: the engine takes it back, the suite does not.</summary>
    protected override bool IsDeterministic => false;

    public void Dispose() => _model.Dispose();

    protected override IAgent CreateAgent() => new ChatAgent(
        new ChatModel(_model),
        [AIFunctionFactory.Create((int a) => a + 1, "add")],
        McpTools.None,
        new ChatAgentOptions { ToolTimeLimit = TimeSpan.FromDays(20) },
        new ServiceCollection().BuildServiceProvider(),
        Time,
        NullLogger<ChatAgent>.Instance);
}
