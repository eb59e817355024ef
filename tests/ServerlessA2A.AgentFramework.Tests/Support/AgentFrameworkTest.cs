using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.AgentFramework.Tests.Support;

/// <summary>
/// A hosted agent on the engine in memory. Each run has its own instance of the agent, as on different instances in the cloud. The clock
/// stands still.
/// </summary>
public abstract class AgentFrameworkTest
{
    private protected AgentFrameworkTest() => Engine = TestEngine.InMemory(
        Time, Settings, new AgentCardOptions { OutputModes = { "*/*" }, InputModes = { "*/*" } });

    private protected ManualTimeProvider Time { get; } = new();

    private protected TaskOptions Settings { get; } = new() { GatherInterval = TimeSpan.Zero };

    private protected TestEngine Engine { get; }

    private protected ScriptedModel Model { get; } = new();

    /// <summary>The services for remote agents. Default: none.</summary>
    private protected IServiceProvider Services { get; set; } = new ServiceCollection().BuildServiceProvider();

    private protected CollectedLogs Logs { get; } = new();

    /// <summary>An agent over the model.</summary>
    private protected AIAgentHost NewAgent(params AITool[] tools) => Host(() => new ChatClientAgent(Model, "Be brief.", tools: [.. tools]));

    private protected AIAgentHost Host(Func<AIAgent> create) => new(create, Services, Time, Logs.LoggerFor<AIAgentHost>());

    /// <summary>A message, run until its task is terminal or interrupted.</summary>
    private protected Task<TaskSnapshot> AskAsync(IAgent agent, string text, string? taskId = null, params string[] accepted) =>
        AskAsync(agent, [Part.FromText(text)], taskId, accepted);

    private protected async Task<TaskSnapshot> AskAsync(
        IAgent agent, IReadOnlyList<Part> parts, string? taskId = null, params string[] accepted)
    {
        var id = await SendAsync(parts, taskId, accepted);
        await Engine.RunAsync(agent, id).WithinLimit("the run ends");
        return await Engine.ReadAsync(id);
    }

    /// <summary>A message, not yet run.</summary>
    private protected async Task<string> SendAsync(IReadOnlyList<Part> parts, string? taskId = null, IReadOnlyList<string>? accepted = null)
    {
        var request = new SendMessageRequest
        {
            Message = new Message
            {
                MessageId = TestEngine.NewId(),
                TaskId = taskId,
                ContextId = taskId is null ? "c" : null,
                Role = Role.User,
                Parts = parts,
            },
            Configuration = new SendMessageConfiguration
            {
                ReturnImmediately = true,
                AcceptedOutputModes = accepted is { Count: > 0 } ? accepted : null,
            },
        };
        return (await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, CancellationToken.None)).Id;
    }

    private protected Task<string> SendAsync(string text) => SendAsync([Part.FromText(text)]);

    /// <summary>The text of an artifact.</summary>
    private protected static string TextOf(TaskSnapshot task, string artifactId = "answer") =>
        string.Concat(task.Task.Artifacts!.Single(artifact => artifact.ArtifactId == artifactId).Parts.Select(part => part.Text));

    /// <summary>The data part of the task's status.</summary>
    private protected static JsonElement DataOf(TaskSnapshot task) =>
        task.Task.Status.Message!.Parts.Select(part => part.Data).OfType<JsonElement>().Single();

    private protected static string? Said(TaskSnapshot task) => task.Task.Status.Message?.Parts[0].Text;

    private protected static JsonElement UsageOf(TaskSnapshot task) => task.Task.Metadata!.Value.GetProperty("usage");
}
