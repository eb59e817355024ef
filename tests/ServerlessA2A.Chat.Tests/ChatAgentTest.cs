using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests;

/// <summary>
/// The agent as a program adds it, on the engine in memory, over a model that does what the test says. The clock stands still: what waits
/// for it is sent on by the test.
/// </summary>
public abstract class ChatAgentTest : IAsyncLifetime
{
    private readonly List<ServiceProvider> _providers = [];

    protected ManualTimeProvider Time { get; } = new();

    private protected ScriptedModel Model { get; } = new();

    protected TestEngine Engine { get; private set; } = null!;

    protected CollectedLogs Logs { get; } = new();

    /// <summary>The engine's settings, to be set before it is used.</summary>
    protected TaskOptions Settings { get; } = new() { GatherInterval = TimeSpan.FromHours(1) };

    public virtual Task InitializeAsync()
    {
        Engine = TestEngine.InMemory(Time, Settings, new AgentCardOptions { OutputModes = { "*/*" }, InputModes = { "*/*" } });
        return Task.CompletedTask;
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var provider in _providers)
            await provider.DisposeAsync();
    }

    /// <summary>A new instance of the agent.</summary>
    /// <param name="addTools">What it may call.</param>
    /// <param name="settings">Settings of the section A2A:Chat.</param>
    private protected ChatAgent NewAgent(Action<IServiceCollection>? addTools = null, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"A2A:Chat:{setting.Name}", (string?)setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ILogger<ChatAgent>>(Logs.LoggerFor<ChatAgent>());
        addTools?.Invoke(services);
        services.AddChatAgent(CreateClient);
        services.PostConfigure<ChatAgentOptions>(options => TestConstants.Set(options, configuration.GetSection("A2A:Chat")));
        var built = services.BuildServiceProvider();
        _providers.Add(built);
        return (ChatAgent)built.GetRequiredService<IAgent>();
    }

    /// <summary>The agent's chat client.</summary>
    protected virtual IChatClient CreateClient(IServiceProvider services) => Model;

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

    /// <summary>
    /// A call's conversation, in short: who says what. Messages of one role in a row stand in one line, results in their own.
    /// </summary>
    private protected static string Shown(ModelCall call)
    {
        var names = call.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()
            .ToDictionary(made => made.CallId, made => made.Name);
        var turns = new List<(string Role, List<string> Said)>();
        foreach (var message in call.Messages)
        {
            var role = message.Role == ChatRole.Assistant ? "model" : message.Role == ChatRole.Tool ? "user (tool)" : "user";
            if (turns.Count == 0 || turns[^1].Role != role)
                turns.Add((role, []));
            turns[^1].Said.AddRange(message.Contents.Select(content => content switch
            {
                TextContent text => text.Text,
                DataContent data => $"[{data.MediaType} {data.Data.Length}]",
                UriContent uri => $"[{uri.MediaType} {uri.Uri.OriginalString}]",
                FunctionCallContent made => $"{made.Name}({JsonSerializer.Serialize(made.Arguments, ChatJson.Options)})",
                FunctionResultContent result => $"{names[result.CallId]}={JsonSerializer.Serialize(result.Result, ChatJson.Options)}",
                _ => content.GetType().Name,
            }));
        }

        return string.Join('\n', turns.Select(turn => $"{turn.Role.Split(' ')[0]}: {string.Join(" | ", turn.Said)}"));
    }
}
