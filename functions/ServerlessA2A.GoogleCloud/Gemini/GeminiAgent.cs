using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.GoogleCloud.Gemini.Conversations;
using ServerlessA2A.GoogleCloud.Gemini.Tools;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>
/// The built-in agent: a task is a conversation with Gemini, and the model's answer becomes its artifacts. It calls tools, asks the client,
/// remembers earlier tasks of the conversation, and continues where another instance stopped. Configured by <see cref="GeminiOptions"/>.
/// </summary>
internal sealed class GeminiAgent : IAgent
{
    private readonly GeminiAgentParts _parts;

    /// <summary>Creates the agent.</summary>
    /// <param name="chat">The model: <see cref="GeminiChatClient"/>, or any other.</param>
    /// <param name="tools">The tools that the model may call.</param>
    /// <param name="options">The settings.</param>
    /// <param name="services">The services for tools.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public GeminiAgent(
        IChatClient chat, IEnumerable<AIFunction> tools, IOptions<GeminiOptions> options, IServiceProvider services, TimeProvider time,
        ILogger<GeminiAgent> logger)
    {
        var settings = options.Value;
        var allowed = settings.Tools
            ? tools.Where(tool => !settings.DisabledTools.Contains(tool.Name)).DistinctBy(tool => tool.Name).ToDictionary(tool => tool.Name)
            : [];
        List<AITool> declarations = [.. allowed.Values];
        if (settings.AskUser ?? !(settings.GoogleSearch || settings.ResponseModalities.Contains(GeminiModality.Image)))
            declarations.Add(AskUserTool.Declaration);
        if (settings.GoogleSearch)
            declarations.Add(new HostedWebSearchTool());
        JsonElement? schema = settings.ResponseSchema is { } text ? JsonDocument.Parse(text).RootElement : null;
        _parts = new GeminiAgentParts(chat, settings, allowed, declarations, schema, services, time, logger);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GeminiRun? run = null;
        AgentUpdate? lastWord = null;
        try
        {
            run = new GeminiRun(context, _parts);
        }
        catch (UnreadablePartException unreadable)
        {
            if (unreadable.Bucket is { } bucket)
                GeminiLog.FileRefused(_parts.Logger, context.TaskId, bucket);
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
            GeminiException? passing = null;
            try
            {
                if (!await steps.MoveNextAsync())
                    yield break;
            }
            catch (GeminiException failure) when (!cancellationToken.IsCancellationRequested && failure.IsTransient)
            {
                passing = failure;
            }
            catch (GeminiException failure) when (!cancellationToken.IsCancellationRequested)
            {
                GeminiLog.ModelFailed(_parts.Logger, failure, context.TaskId, _parts.Options.Model!);
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
            throw new AgentException(passing.Message, passing) { IsTransient = true, Metadata = run.Metadata };
        }
    }
}
