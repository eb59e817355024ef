using System.Text.Json;
using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Support;
using Part = ServerlessA2A.Protocol.Messages.Part;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

/// <summary>
/// The agent as it is deployed, on the engine in memory and a model on loopback. The clock stands still: what waits for it is sent on by
/// the test.
/// </summary>
public abstract class GeminiTest : IAsyncLifetime
{
    private readonly List<ServiceProvider> _providers = [];

    protected ManualTimeProvider Time { get; } = new();

    protected FakeVertexAI Vertex { get; private set; } = null!;

    protected TestEngine Engine { get; set; } = null!;

    protected CollectedLogs Logs { get; } = new();

    /// <summary>The engine's settings, to be set before it is used.</summary>
    protected TaskOptions Settings { get; } = new() { GatherInterval = TimeSpan.FromHours(1) };

    public async Task InitializeAsync()
    {
        Vertex = await FakeVertexAI.StartAsync();
        Engine = TestEngine.InMemory(Time, Settings, new AgentCardOptions { OutputModes = { "*/*" }, InputModes = { "*/*" } });
    }

    public async Task DisposeAsync()
    {
        await Vertex.DisposeAsync();
        foreach (var provider in _providers)
            await provider.DisposeAsync();
    }

    /// <summary>A new instance of the agent.</summary>
    /// <param name="addTools">What it may call.</param>
    /// <param name="settings">Settings of the section A2A:Gemini, beyond those that every test needs.</param>
    private protected ChatAgent NewAgent(Action<IServiceCollection>? addTools = null, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new[] { ("Model", "gemini-test"), ("ProjectId", "p"), ("Location", "europe-west4"),
            ("Endpoint", Vertex.Endpoint) }.Concat(settings)
                .Select(setting => KeyValuePair.Create($"A2A:Gemini:{setting.Item1}", (string?)setting.Item2))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ILogger<ChatAgent>>(Logs.LoggerFor<ChatAgent>());
        // The same client, but for chance: half of each delay.
        services.AddSingleton<IChatClient>(provider => new GeminiChatClient(
            ConnectAsync, provider.GetRequiredService<IOptions<GeminiOptions>>().Value.ToSettings(), Time, () => 0));
        addTools?.Invoke(services);
        services.AddGemini(configuration);
        services.PostConfigure<GeminiOptions>(options => TestConstants.Set(options, configuration.GetSection("A2A:Gemini")));
        var built = services.BuildServiceProvider();
        _providers.Add(built);
        return (ChatAgent)built.GetRequiredService<IAgent>();
    }

    /// <summary>A client of the service as production makes it, for the fake.</summary>
    protected Task<PredictionServiceClient> ConnectAsync() =>
        new PredictionServiceClientBuilder { Endpoint = Vertex.Endpoint, ChannelCredentials = ChannelCredentials.Insecure }.BuildAsync();

    /// <summary>A message, run until its task is terminal or interrupted.</summary>
    protected async Task<TaskSnapshot> AskAsync(IAgent agent, string text, string? taskId = null, params string[] accepted) =>
        await AskAsync(agent, [Part.FromText(text)], taskId, accepted);

    /// <inheritdoc cref="AskAsync(IAgent, string, string, string[])"/>
    protected async Task<TaskSnapshot> AskAsync(IAgent agent, IReadOnlyList<Part> parts, string? taskId = null, params string[] accepted)
    {
        var id = await SendAsync(parts, taskId, accepted);
        await Engine.RunAsync(agent, id).WithinLimit("the run ends");
        return await Engine.ReadAsync(id);
    }

    /// <summary>A message, not yet run.</summary>
    protected async Task<string> SendAsync(
        IReadOnlyList<Part> parts, string? taskId = null, IReadOnlyList<string>? accepted = null, string contextId = "c")
    {
        var request = new SendMessageRequest
        {
            Message = new Message
            {
                MessageId = TestEngine.NewId(),
                TaskId = taskId,
                ContextId = taskId is null ? contextId : null,
                Role = Role.User,
                Parts = parts
            },
            Configuration = new SendMessageConfiguration
            {
                ReturnImmediately = true,
                AcceptedOutputModes = accepted is { Count: > 0 }
            ? accepted : null
            },
        };
        return (await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, CancellationToken.None)).Id;
    }

    /// <inheritdoc cref="SendAsync(IReadOnlyList{Part}, string, IReadOnlyList{string}, string)"/>
    protected Task<string> SendAsync(string text) => SendAsync([Part.FromText(text)]);

    /// <summary>The text of an artifact.</summary>
    protected static string TextOf(TaskSnapshot task, string artifactId = "answer") =>
        string.Concat(task.Task.Artifacts!.Single(artifact => artifact.ArtifactId == artifactId).Parts.Select(part => part.Text));

    /// <summary>What is said with the status.</summary>
    protected static string? Said(TaskSnapshot task) => task.Task.Status.Message?.Parts[0].Text;

    /// <summary>The usage in the task's metadata.</summary>
    protected static JsonElement UsageOf(TaskSnapshot task) => task.Task.Metadata!.Value.GetProperty("usage");

    /// <summary>A request's contents, in short: who says what.</summary>
    protected static string Shown(GenerateContentRequest request) => string.Join('\n', request.Contents.Select(content =>
        $"{content.Role}: " + string.Join(" | ", content.Parts.Select(part => part.DataCase switch
        {
            Google.Cloud.AIPlatform.V1.Part.DataOneofCase.Text => part.Text,
            Google.Cloud.AIPlatform.V1.Part.DataOneofCase.InlineData => $"[{part.InlineData.MimeType} {part.InlineData.Data.Length}]",
            Google.Cloud.AIPlatform.V1.Part.DataOneofCase.FileData => $"[{part.FileData.MimeType} {part.FileData.FileUri}]",
            Google.Cloud.AIPlatform.V1.Part.DataOneofCase.FunctionCall => $"{part.FunctionCall.Name}({Json(part.FunctionCall.Args)})",
            Google.Cloud.AIPlatform.V1.Part.DataOneofCase.FunctionResponse =>
            $"{part.FunctionResponse.Name}={Json(part.FunctionResponse.Response)}",
            _ => part.DataCase.ToString(),
        }))));

    private static string Json(Google.Protobuf.WellKnownTypes.Struct value) => StructJson.ToJson(value).ToJsonString();
}
