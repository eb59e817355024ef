using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.GoogleCloud.Gemini.Conversations;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>One turn of the model: what it says becomes artifacts while it says it, and is kept for the conversation.</summary>
internal sealed class GeminiTurn(IChatClient chat, AnswerArtifacts artifacts, Sources sources, bool streamsText)
{
    private readonly TurnContents _contents = new();

    /// <summary>What was said, as far as the turn came; calls only where it ended well.</summary>
    public IReadOnlyList<AIContent> Contents => [.. _contents.ToList().Where(content => EndedWell || content is not FunctionCallContent)];

    /// <summary>All text that was said.</summary>
    public string Text => _contents.Text.ToString();

    /// <summary>What the turn has cost.</summary>
    public UsageDetails Usage { get; } = new();

    /// <summary>The model that has answered, in its own words.</summary>
    public string? Model { get; private set; }

    /// <summary>Whether anything was said that a client can see, or a tool was called.</summary>
    public bool SaidSomething { get; private set; }

    /// <summary>Whether a medium was made that the client does not take.</summary>
    public bool LeftSomethingOut { get; private set; }

    /// <summary>The update that ended the turn; null where it was left before.</summary>
    public ChatResponseUpdate? End { get; private set; }

    /// <summary>Whether the model called tools and the calls must not be carried out, because they may be cut or garbled.</summary>
    public bool HasVoidCalls => End is not null && !EndedWell &&
        (Of(GeminiChatClient.VoidCalls) is not null || _contents.ToList().Any(content => content is FunctionCallContent));

    /// <summary>Why the turn has ended, in the API's words; empty where it has not.</summary>
    public string FinishReason => End is null ? "" : Of(GeminiChatClient.FinishReason) ?? End.FinishReason?.Value ?? "";

    private bool EndedWell => End?.FinishReason == ChatFinishReason.Stop || End?.FinishReason == ChatFinishReason.ToolCalls;

    /// <summary>What the service says of the end under a key; null for nothing.</summary>
    public string? Of(string key) => End?.AdditionalProperties?.GetValueOrDefault(key) switch
    {
        null => null,
        IEnumerable<string> several => string.Join(", ", several),
        var one => one.ToString(),
    };

    /// <summary>Calls the model.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">What goes for this call.</param>
    /// <param name="leave">Cancelled when the run has to be left: the turn ends where it is then.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    public async IAsyncEnumerable<AgentUpdate> RunAsync(
        IEnumerable<ChatMessage> messages, ChatOptions options, CancellationToken leave, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(leave, cancellationToken);
        await using var updates = chat.GetStreamingResponseAsync(messages, options, stop.Token).GetAsyncEnumerator(stop.Token);
        while (await IsThereMoreAsync(updates, leave, cancellationToken))
        {
            var update = updates.Current;
            Model = update.ModelId ?? Model;
            sources.Add(update);
            if (update.FinishReason is not null)
                End = update;
            foreach (var content in update.Contents)
            {
                if (Say(content) is { } said)
                    yield return said;
            }
        }

        // Not every chat client says why it has ended.
        if (!leave.IsCancellationRequested)
            End ??= new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
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
            // Not remembered either: it is in no artifact, and a checkpoint is no place for it.
            LeftSomethingOut = true;
            return null;
        }

        _contents.Add(content);
        if (content is TextContent { Text.Length: > 0 } text)
            chunk = streamsText ? artifacts.Text(text.Text) : null;
        SaidSomething |= chunk is not null || content is TextContent { Text.Length: > 0 } or FunctionCallContent;
        return chunk;
    }

    private static async Task<bool> IsThereMoreAsync(
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
    }
}
