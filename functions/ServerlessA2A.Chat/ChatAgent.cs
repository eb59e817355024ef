using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Chat.Models;
using ServerlessA2A.Chat.Remote;
using ServerlessA2A.Chat.Tools;

namespace ServerlessA2A.Chat;

/// <summary>
/// An agent over a chat model: a task is a conversation with the model, and the model's answer becomes the task's artifacts. It calls
/// tools, asks the client, remembers earlier tasks of the conversation, and continues where another instance stopped.
/// </summary>
internal sealed class ChatAgent : IAgent
{
    private readonly ChatAgentParts _parts;

    /// <summary>Creates the agent.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tools">The tools that the model may call.</param>
    /// <param name="mcp">The tools of MCP servers.</param>
    /// <param name="options">The settings, which must be valid.</param>
    /// <param name="services">The services for tools.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public ChatAgent(
        ChatModel model, IEnumerable<AIFunction> tools, McpTools mcp, ChatAgentOptions options, IServiceProvider services,
        TimeProvider time, ILogger<ChatAgent> logger)
    {
        var allowed = options.Tools
            ? tools.Where(tool => !options.DisabledTools.Contains(tool.Name)).DistinctBy(tool => tool.Name).ToDictionary(tool => tool.Name)
            : [];
        // Declarations, so that a client with its own function invocation does not call them past the checkpoints.
        List<AITool> declarations = [.. allowed.Values.Select(tool => tool.AsDeclarationOnly())];
        if (options.AskUser ?? model.AcceptsTools)
            declarations.Add(AskUserTool.Declaration);
        declarations.AddRange(model.HostedTools);
        JsonElement? schema = options.ResponseSchema is { } text ? JsonDocument.Parse(text).RootElement : null;
        _parts = new ChatAgentParts(
            model, options, allowed, options.Tools ? mcp : McpTools.None, declarations, schema, services, time, logger);
    }

    /// <summary>The model.</summary>
    public ChatModel Model => _parts.Model;

    /// <summary>Cancels the tasks of remote agents that the task waited for.</summary>
    public Task CanceledAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var conversation = Conversation.Of(context, _parts.Model.Files, _ => { });
        return Task.WhenAll(conversation.OpenCalls().Select(call =>
            _parts.Tools.GetValueOrDefault(call.Name) is RemoteAgentTool remote && conversation.ProgressOf(call.CallId) is { } progress
                ? remote.CancelAsync(progress, cancellationToken)
                : Task.CompletedTask));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ChatRun? run = null;
        AgentUpdate? lastWord = null;
        try
        {
            run = new ChatRun(context, _parts);
        }
        catch (UnreadablePartException unreadable)
        {
            if (unreadable.Denial is { } denial)
                ChatLog.FileRefused(_parts.Logger, context.TaskId, denial);
            lastWord = AgentUpdate.Reject(unreadable.Message);
        }

        if (run is null)
        {
            yield return lastWord!;
            yield break;
        }

        await using var steps = run.StepsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (lastWord is null)
        {
            ModelException? passing = null;
            try
            {
                if (!await steps.MoveNextAsync())
                    yield break;
            }
            catch (ModelException failure) when (!cancellationToken.IsCancellationRequested && failure.IsTransient)
            {
                passing = failure;
            }
            catch (ModelException failure) when (!cancellationToken.IsCancellationRequested)
            {
                ChatLog.ModelFailed(_parts.Logger, failure.InnerException!, context.TaskId, _parts.Model.Name);
                lastWord = AgentUpdate.Fail(failure.Message) with { Metadata = run.Metadata };
            }

            if (passing is null)
            {
                yield return lastWord ?? steps.Current;
                continue;
            }

            // Another run continues from the partial answer, which clients already have.
            if (run.KeepTurn() is { } kept)
                yield return kept;
            throw new AgentException(passing.Message, passing.InnerException) { IsTransient = true, Metadata = run.Metadata };
        }
    }
}
