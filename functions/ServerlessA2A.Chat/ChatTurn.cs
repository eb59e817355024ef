using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Answers;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Chat.Models;

namespace ServerlessA2A.Chat;

/// <summary>One turn of the model: its output is streamed into artifacts and kept for the conversation.</summary>
internal sealed class ChatTurn(ChatModel model, AnswerArtifacts artifacts, Sources sources, bool streamsText)
{
    private readonly TurnContents _contents = new();

    /// <summary>The output so far; calls only if the turn ended normally.</summary>
    public IReadOnlyList<AIContent> Contents =>
        [.. _contents.ToList().Where(content => End?.IsComplete == true || content is not FunctionCallContent)];

    /// <summary>The whole text of the turn.</summary>
    public string Text => _contents.Text.ToString();

    /// <summary>The turn's usage.</summary>
    public UsageDetails Usage { get; } = new();

    /// <summary>The name of the model that answered.</summary>
    public string? Model { get; private set; }

    /// <summary>Whether there is output that a client can see, or a tool call.</summary>
    public bool SaidSomething { get; private set; }

    /// <summary>Whether a medium was produced that the client does not accept.</summary>
    public bool LeftSomethingOut { get; private set; }

    /// <summary>How the turn ended; null if it was left before.</summary>
    public TurnEnd? End { get; private set; }

    /// <summary>Whether the model called tools and the calls must not run, because they may be truncated or garbled.</summary>
    public bool HasVoidCalls => End is { IsComplete: false } end &&
        (end.HasWithheldCalls || _contents.ToList().Any(content => content is FunctionCallContent));

    /// <summary>Calls the model.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options of this call.</param>
    /// <param name="leave">Cancelled when the run must end: the turn stops where it is.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="ModelException">The model could not be called.</exception>
    public async IAsyncEnumerable<AgentUpdate> RunAsync(
        IEnumerable<ChatMessage> messages, ChatOptions options, CancellationToken leave,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(leave, cancellationToken);
        await using var updates = model.Client.GetStreamingResponseAsync(messages, options, stop.Token).GetAsyncEnumerator(stop.Token);
        while (await IsThereMoreAsync(updates, leave, cancellationToken))
        {
            var update = updates.Current;
            Model = update.ModelId ?? Model;
            sources.Add(update, model.SearchesOf(update));
            if (update.FinishReason is { } reason)
                End = model.EndOf(update, reason);
            foreach (var content in update.Contents)
            {
                if (Say(content) is { } said)
                    yield return said;
            }
        }

        // Not every chat client reports a finish reason.
        if (!leave.IsCancellationRequested)
            End ??= new TurnEnd(ChatFinishReason.Stop, "");
    }

    private ArtifactUpdate? Say(AIContent content)
    {
        if (content is UsageContent usage)
        {
            Usage.Add(usage.Details);
            return null;
        }

        ArtifactUpdate? chunk = null;
        if (content is DataContent data && (chunk = artifacts.Medium(data)) is null)
        {
            // Not kept either: it is in no artifact, and a checkpoint should not hold media.
            LeftSomethingOut = true;
            return null;
        }

        _contents.Add(content);
        if (content is TextContent { Text.Length: > 0 } text)
            chunk = streamsText ? artifacts.Text(text.Text) : null;
        SaidSomething |= chunk is not null || content is TextContent { Text.Length: > 0 } or FunctionCallContent;
        return chunk;
    }

    private async Task<bool> IsThereMoreAsync(
        IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken leave, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw model.ToException(failure);
        }
    }
}
