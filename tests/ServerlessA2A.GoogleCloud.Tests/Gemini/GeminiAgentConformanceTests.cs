using Google.Cloud.AIPlatform.V1;
using Google.Protobuf.Collections;
using Grpc.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Conformance.Running;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

/// <summary>The suite with the agent that ships. Its model has no limits of time here: the suite lets a day pass in no time.</summary>
public sealed class GeminiAgentConformanceTests : AgentConformance, IAsyncLifetime
{
    private FakeVertexAI _vertex = null!;

    protected override IReadOnlyList<string> Messages => ["say", "tools", "ask", "blocked", "refused"];

    /// <summary>Text that was said after a checkpoint is said again: the engine takes it back, the suite does not.</summary>
    protected override bool IsDeterministic => false;

    public async Task InitializeAsync()
    {
        _vertex = await FakeVertexAI.StartAsync();
        _vertex.Answer = request => request.Contents[0].Parts[0].Text switch
        {
            "say" => ModelTurn.Say("one ", "two ", "three"),
            "tools" when HasResults(request.Contents) => ModelTurn.Say("done"),
            "tools" => ModelTurn.Say("wait").Call("add", new { a = 1 }).Call("add", new { a = 2 }),
            "ask" => ModelTurn.Call("ask_user", new { question = "what?" }),
            "blocked" => ModelTurn.BlockPrompt(GenerateContentResponse.Types.PromptFeedback.Types.BlockedReason.Safety),
            _ => ModelTurn.Fail(StatusCode.PermissionDenied, "no"),
        };
    }

    public Task DisposeAsync() => _vertex.DisposeAsync().AsTask();

    protected override IAgent CreateAgent()
    {
        var options = new GeminiOptions
        {
            Model = "gemini-test",
            ProjectId = "p",
            SilenceLimit = TimeSpan.FromDays(20),
            ToolTimeLimit = TimeSpan.FromDays(20)
        };
        var client = new PredictionServiceClientBuilder
        {
            Endpoint = _vertex.Endpoint,
            ChannelCredentials = ChannelCredentials.Insecure
        }.Build();
        return new ChatAgent(
            new GeminiModel(new GeminiChatClient(client, options.ToSettings(), Time), options),
            [AIFunctionFactory.Create((int a) => a + 1, "add")],
            McpTools.None,
            options,
            new ServiceCollection().BuildServiceProvider(),
            Time,
            NullLogger<ChatAgent>.Instance);
    }

    private static bool HasResults(RepeatedField<Content> contents) =>
        contents.Any(content => content.Parts.Any(part => part.FunctionResponse is not null));
}
