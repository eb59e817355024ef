using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Answers;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Chat.Models;

namespace ServerlessA2A.Chat;

/// <summary>One turn of the model: its output is streamed into artifacts and kept for the conversation.</summary>
internal sealed class ChatTurn(ChatModel model, AnswerArtifacts artifacts, Sources sources, bool streamsText)
{
    private readonly TurnContents _contents = new();
    private readonly HashSet<string> _answered = [];
    private Activity? _span;
    private bool _hasOutput;

    /// <summary>The output so far; calls only if the turn ended normally, and thoughts only if there is anything else.</summary>
    public IReadOnlyList<AIContent> Contents
    {
        get
        {
            if (End?.IsComplete == true)
                return [.. _contents.ToList().Where(content => content is not FunctionCallContent call || IsOpen(call))];
            List<AIContent> said = [.. _contents.ToList().Where(content => content is not FunctionCallContent)];
            return said.TrueForAll(content => content is TextReasoningContent) ? [] : said;
        }
    }

    /// <summary>The whole text of the turn.</summary>
    public string Text => _contents.Text.ToString();

    /// <summary>The turn's usage.</summary>
    public UsageDetails Usage { get; } = new();

    /// <summary>The name of the model that answered.</summary>
    public string? Model { get; private set; }

    /// <summary>Whether there is output that a client can see, or a tool call.</summary>
    public bool SaidSomething => _hasOutput || HasCalls;

    /// <summary>Whether a medium was produced that the client does not accept.</summary>
    public bool LeftSomethingOut { get; private set; }

    /// <summary>How the turn ended; null if it was left or failed before.</summary>
    public TurnEnd? End { get; private set; }

    /// <summary>Why the turn failed; null if it did not.</summary>
    public ModelException? Failure { get; private set; }

    /// <summary>What the model said instead of an answer, such as a refusal; null for nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether the model called tools and the calls must not run, because they may be truncated or garbled.</summary>
    public bool HasVoidCalls => End is { IsComplete: false } end && (end.HasWithheldCalls || HasCalls);

    private IEnumerable<FunctionCallContent> Calls => _contents.ToList().OfType<FunctionCallContent>().Where(IsOpen);

    private bool HasCalls => Calls.Any();

    /// <summary>Whether the turn has ended and its calls have arrived, which some clients return only after the last update.</summary>
    private bool IsWhole => End is { } end && (end.Reason != ChatFinishReason.ToolCalls || HasCalls);

    /// <summary>Calls the model.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options of this call.</param>
    /// <param name="leave">Cancelled when the run must end: the turn stops where it is.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async IAsyncEnumerable<AgentUpdate> RunAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken leave,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        using var span = _span = ChatTelemetry.StartModel(model.Name, model.Provider);
        try
        {
            await foreach (var update in AnswerAsync(messages, options, leave, cancellationToken))
                yield return update;
        }
        finally
        {
            ChatTelemetry.EndModel(
                span, Stopwatch.GetElapsedTime(begun), model.Name, model.Provider, Model, Usage, End?.Reason.Value,
                Failure?.InnerException?.GetType().Name);
        }
    }

    private async IAsyncEnumerable<AgentUpdate> AnswerAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken leave,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var continuation = model.ContinuesAnswers || messages is not [.., { Role: var role } last] || role != ChatRole.Assistant
            ? null
            : new Continuation(last.Text);
        if (continuation is not null)
            messages = [.. messages, new ChatMessage(ChatRole.User, Continuation.Request)];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(leave, cancellationToken);
        await using var updates = Begin(messages, options, stop.Token);
        while (updates is not null && await IsThereMoreAsync(updates, leave, cancellationToken))
        {
            var update = updates.Current;
            Model = update.ModelId ?? Model;
            sources.Add(update, model.SearchesOf(update));
            End = model.EndOf(update) ?? End;
            continuation?.Align(update, isFinal: false);
            foreach (var said in Say(update))
                yield return said;
        }

        if (Failure is not null || (leave.IsCancellationRequested && !IsWhole))
        {
            End = null;
            yield break;
        }

        var rest = new ChatResponseUpdate();
        continuation?.Align(rest, isFinal: true);
        foreach (var said in Say(rest))
            yield return said;
        // Not every chat client reports a finish reason.
        if (End is null && model.ReportsEnds)
            Failure = new ModelException("The model's answer broke off.", isTransient: true, new EndOfStreamException("No finish reason."));
        else
            End = WithMalformedCalls(End ?? new TurnEnd(ChatFinishReason.Stop, ""));
    }

    /// <summary>
    /// A client reports arguments that are not JSON with the call. It passes on half of a surrogate pair, which no checkpoint can hold.
    /// </summary>
    private TurnEnd WithMalformedCalls(TurnEnd end)
    {
        foreach (var call in Calls)
        {
            if (call.Exception is not null)
                return end with { IsMalformedCall = true, Message = $"the arguments of {call.Name} are not a JSON object" };
            if (!ChatJson.CanWrite(call.Arguments))
                return end with { IsMalformedCall = true, Message = $"the arguments of {call.Name} are not valid Unicode" };
        }

        return end;
    }

    /// <summary>
    /// Whether a call is the agent's to make. The client marks calls that it or the provider has made only after it has returned them.
    /// </summary>
    private bool IsOpen(FunctionCallContent call) => !call.InformationalOnly && !_answered.Contains(call.CallId);

    private IEnumerable<ArtifactUpdate> Say(ChatResponseUpdate update) => update.Contents.Select(Say).OfType<ArtifactUpdate>();

    private ArtifactUpdate? Say(AIContent content)
    {
        if (content is UsageContent usage)
        {
            Usage.Add(usage.Details);
            return null;
        }

        if (content is ErrorContent error)
            Error = error.Message;
        if (content is FunctionResultContent result)
            _answered.Add(result.CallId);
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
        _hasOutput |= chunk is not null || content is TextContent { Text.Length: > 0 };
        return chunk;
    }

    /// <summary>Starts the call; null if the client throws before it returns a stream.</summary>
    private IAsyncEnumerator<ChatResponseUpdate>? Begin(IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken stop)
    {
        try
        {
            return model.Client.GetStreamingResponseAsync(messages, options, stop).GetAsyncEnumerator(stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            Failure = model.ToException(failure);
            return null;
        }
    }

    private async Task<bool> IsThereMoreAsync(
        IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken leave, CancellationToken cancellationToken)
    {
        // Each step of this iterator begins in the context of its caller, not in that of the step before.
        if (_span is not null)
            Activity.Current = _span;
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception) when (leave.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // A failure after the end leaves the answer unchanged.
            if (!IsWhole)
                Failure = model.ToException(failure);
            return false;
        }
    }

}
