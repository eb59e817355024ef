using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Answers;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Chat.Models;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Chat;

/// <summary>
/// One run of the agent on one task: turns of the model and tool calls, until the model has answered or needs the client.
/// </summary>
internal sealed class ChatRun
{
    /// <summary>How long a turn or a tool may continue after the hand-over request, before it is left to the next run.</summary>
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(10);

    /// <summary>How often a turn without a usable result is repeated: a malformed call, an empty answer, invalid JSON.</summary>
    private const int MaxRepairs = 2;

    private readonly AgentContext _task;
    private readonly ChatAgentParts _agent;
    private readonly AnswerFormat _format;
    private readonly Files _files;
    private readonly Conversation _conversation;
    private readonly AnswerArtifacts _artifacts;
    private RunTools _tools;
    private ChatTurn? _turn;
    private int _repairs;

    /// <exception cref="UnreadablePartException">No model can read a part of the message that opened the task.</exception>
    public ChatRun(AgentContext task, ChatAgentParts agent)
    {
        (_task, _agent) = (task, agent);
        _tools = RunTools.Of(agent, McpRun.Empty);
        _format = AnswerFormat.Choose(task);
        _files = agent.Model.Files;
        _conversation = Conversation.Of(task, _files, fault => ChatLog.CheckpointUnknown(agent.Logger, fault, task.TaskId));
        _artifacts = new AnswerArtifacts(task, _conversation.Questions, _format.TextType);
    }

    /// <summary>The task's usage so far, for its metadata.</summary>
    public JsonElement Metadata => ToMetadata(null);

    private ChatAgentOptions Options => _agent.Options;

    private TimeSpan Grace => _task.TimeToHandOver / 2 < LongestGrace ? _task.TimeToHandOver / 2 : LongestGrace;

    /// <summary>The partial answer of a failed turn, from which the next run continues; null if there is none.</summary>
    public SaveCheckpointUpdate? KeepTurn()
    {
        if (_turn is not { End: null } turn || turn.Contents.Count == 0)
            return null;
        _conversation.Say(turn.Contents, breaksOff: true);
        return _conversation.Save();
    }

    /// <summary>Runs the agent. It ends with a final update, unless it hands over or sleeps.</summary>
    /// <exception cref="ModelException">The model could not be called.</exception>
    public async IAsyncEnumerable<AgentUpdate> StepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leave = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _agent.Time);
        await using var handOver = _task.HandOverRequested.UnsafeRegister(
            state => ((CancellationTokenSource)state!).CancelAfter(Grace), leave);
        if (Unreadable() is { } unreadable)
            yield return unreadable;
        await using var mcp = await _agent.Mcp.OpenAsync(_task, _tools.Names, cancellationToken);
        _tools = RunTools.Of(_agent, mcp);
        var memory = await Memory.ReadAsync(_task, _files, Options.MemoryTasks, Options.MemoryTokens, cancellationToken);
        while (true)
        {
            var tools = new ToolCalls(_tools, _agent.Services, Options, _agent.Time, _agent.Logger);
            await foreach (var update in tools.RunAsync(_task, _conversation, leave.Token, cancellationToken))
                yield return update;
            if (tools.Interruption is SleepUpdate sleep)
            {
                yield return sleep;
                yield break;
            }

            if (tools.Interruption is { } interruption)
            {
                // The answer so far is complete; the next message of the client gets its own.
                if (_artifacts.EndText(_conversation.Sources.ToJson()) is { } end)
                    yield return end;
                yield return _conversation.Save();
                yield return WithMetadata(interruption);
                yield break;
            }

            if (leave.IsCancellationRequested)
            {
                yield return _conversation.Save();
                // The checkpoint ended the run, unless the runner has withdrawn the hand-over request.
                throw new AgentException("The run requested a hand-over, but was not handed over.") { IsTransient = true };
            }

            if (_task.NewMessages.TryPeek(out _))
            {
                if (_artifacts.EndText(_conversation.Sources.ToJson()) is { } end)
                    yield return end;
                Hear();
                if (Unreadable() is { } unread)
                    yield return unread;
            }

            if (_conversation.Turns >= Options.MaxTurns)
            {
                ChatLog.TurnsUsedUp(_agent.Logger, _task.TaskId, Options.MaxTurns);
                yield return Failed(
                    $"The model did not finish within {Options.MaxTurns} turns, " +
                    $"the limit set by {SettingFault.Name($"{Options.Section}:MaxTurns")}.");
                yield break;
            }

            var turn = _turn = BeginTurn();
            // An answer to a tool is in the tool's result: its own message may be empty, which models reject.
            var conversation = Memory.Fit(memory, _conversation.Messages, Options.MemoryTokens)
                .Where(message => message.Contents.Count > 0).ToList();
            await foreach (var update in turn.RunAsync(conversation, ToChatOptions(), leave.Token, cancellationToken))
                yield return update;
            if (turn.Failure is { } failure)
            {
                if (!MayContinue(turn, failure))
                    throw failure;
                ChatLog.AnswerBrokeOff(_agent.Logger, failure.InnerException!, _task.TaskId, _conversation.Turns);
            }

            foreach (var update in EndTurn(turn))
            {
                // The model has finished, but messages that arrived meanwhile need another turn.
                if (update is CompleteUpdate && Hear())
                {
                    if (Unreadable() is { } unread)
                        yield return unread;
                    break;
                }

                yield return update;
                if (update is not (SaveCheckpointUpdate or ArtifactUpdate))
                    yield break;
            }
        }
    }

    /// <summary>Adds messages that arrived meanwhile; false if there are none.</summary>
    private bool Hear()
    {
        var questions = _conversation.Questions;
        while (_task.NewMessages.TryRead(out var message))
            _conversation.Hear(message, _files);
        if (_conversation.Questions == questions)
            return false;
        _artifacts.BeginAnswer(_conversation.Questions);
        return true;
    }

    /// <summary>Reports which parts of the client's messages no model can read; null if there are none.</summary>
    private ReportUpdate? Unreadable()
    {
        var reasons = _conversation.TakeUnreadable();
        foreach (var denial in reasons.Select(reason => reason.Denial).OfType<string>())
            ChatLog.FileRefused(_agent.Logger, _task.TaskId, denial);
        var text = string.Join(' ', reasons.Select(reason => reason.Message));
        return reasons.Count == 0 ? null : AgentUpdate.Report($"The task continues without what the model cannot read. {text}");
    }

    private ChatTurn BeginTurn()
    {
        if (!_conversation.BreaksOff)
            _artifacts.BeginTurn();
        _conversation.Turns++;
        return new ChatTurn(_agent.Model, _artifacts, _conversation.Sources, streamsText: _format.Kind == AnswerKind.Text);
    }

    /// <summary>
    /// Whether the next turn continues a partial answer at once. A failure without any progress is left to another run, as is one of a
    /// client that has tried to continue the answer itself.
    /// </summary>
    private bool MayContinue(ChatTurn turn, ModelException failure) =>
        failure.IsTransient && turn.Contents.Count > 0 && !_agent.Model.ContinuesAnswers;

    /// <summary>The result of a turn: a final update, or the checkpoint before the next turn.</summary>
    private IEnumerable<AgentUpdate> EndTurn(ChatTurn turn)
    {
        _conversation.Usage = _conversation.Usage.Plus(turn.Usage) with
        {
            Calls = _conversation.Usage.Calls + 1,
            Model = turn.Model ?? _agent.Model.Name,
        };
        ChatLog.TurnEnded(
            _agent.Logger, _task.TaskId, _conversation.Turns, _conversation.Usage.Model, turn.End?.Word,
            turn.Usage.InputTokenCount ?? 0, turn.Usage.OutputTokenCount ?? 0);
        var wasBreaksOff = _conversation.BreaksOff;
        if (turn.End is not { } end)
        {
            _conversation.Say(turn.Contents, breaksOff: true);
            return [_conversation.Save()];
        }

        if (end.PromptBlock is { } block)
            return [AgentUpdate.Reject(Blocked(end, $"The prompt was blocked: {block}")) with { Metadata = Metadata }];
        if (end.Reason == ChatFinishReason.ContentFilter)
            return [Failed(Blocked(end, $"The answer was blocked: {end.Word}"))];
        _conversation.Say(turn.Contents);
        var calls = _conversation.OpenCalls();
        if (calls.Count > 0)
            // If there are only questions, ask them at once; asking saves the state.
            return calls.All(call => call.Name == AskUserTool.Name) ? [] : [_conversation.Save()];
        if (turn.HasVoidCalls)
            return Repair(end);
        if (end.Reason == ChatFinishReason.Length)
            return CutOff(turn, end);
        if (end.Reason != ChatFinishReason.Stop)
            return Repair(end);
        if (!turn.SaidSomething && turn.Error is { } error)
            return [Failed($"The model returned an error: {error}")];
        if (!turn.SaidSomething && turn.LeftSomethingOut)
            return [NothingTaken()];
        // A model that answered before its tool calls may end without further text.
        if (!turn.SaidSomething && !wasBreaksOff && (_format.Kind == AnswerKind.Json || !_artifacts.HasAny))
            return Repair(end);
        return _format.Kind switch
        {
            AnswerKind.Json => EndJson(),
            AnswerKind.Media when !_artifacts.HasMedia => [NothingTaken()],
            _ => EndText(finishReason: null),
        };
    }

    /// <summary>
    /// The answer reached its token limit. Partial text is returned; half a JSON value is not, nor text to a client that accepts only
    /// media.
    /// </summary>
    private IEnumerable<AgentUpdate> CutOff(ChatTurn turn, TurnEnd end) =>
        turn.SaidSomething && (_format.Kind == AnswerKind.Text || _artifacts.HasMedia) ? EndText(end.Word) : [OutOfTokens()];

    /// <summary>The model made an invalid call or returned nothing. It is asked again, which mostly helps.</summary>
    private IEnumerable<AgentUpdate> Repair(TurnEnd end)
    {
        var (isEmpty, isCut) = (end.Reason == ChatFinishReason.Stop, end.Reason == ChatFinishReason.Length);
        if ((isEmpty || isCut || end.IsMalformedCall) && ++_repairs <= MaxRepairs)
        {
            if (isCut)
                _conversation.Tell("Your last answer reached its limit of tokens, and none of its tool calls was made. " +
                    "Make fewer or shorter calls at once, without repeating what you have said.");
            else if (end.IsMalformedCall)
                _conversation.Tell($"Your last tool call was not made ({end.Why}). Try again, without repeating what you have said.");
            return [];
        }

        if (isCut)
            return [OutOfTokens()];
        return [Failed(isEmpty && !end.IsMalformedCall
            ? "The model returned an empty answer."
            : $"The model ended without an answer: {end.Why}")];
    }

    private FailUpdate OutOfTokens() => Failed(
        $"The model reached its token limit before its answer was complete: {_agent.Model.TokenRemedy(Options.Section)}.");

    private IEnumerable<AgentUpdate> EndText(string? finishReason)
    {
        if (_artifacts.EndText(_conversation.Sources.ToJson()) is { } end)
            yield return end;
        yield return Completed(finishReason);
    }

    private IEnumerable<AgentUpdate> EndJson()
    {
        var text = string.Concat(_conversation.Messages[^1].Contents.OfType<TextContent>().Select(content => content.Text));
        var (value, fault) = JsonAnswer.Read(text, _agent.ResponseSchema);
        if (value is { } json)
            return [_artifacts.Data(json, _conversation.Sources.ToJson()), Completed(finishReason: null)];
        if (++_repairs > MaxRepairs)
            return [Failed($"The model did not return the requested JSON. {fault}")];
        _conversation.Tell($"{fault} Answer again, with one JSON value and nothing else.");
        return [_conversation.Save()];
    }

    private ChatOptions ToChatOptions()
    {
        var instructions = Options.Instructions;
        if (_format.Kind == AnswerKind.Json)
        {
            var rule = _agent.ResponseSchema is { } schema ? $" It must satisfy this JSON Schema: {schema.GetRawText()}" : "";
            instructions = $"{instructions}\nAnswer with one JSON value and nothing else.{rule}".Trim();
        }

        var options = new ChatOptions
        {
            Instructions = instructions,
            Temperature = Options.Temperature,
            TopP = Options.TopP,
            MaxOutputTokens = Options.MaxOutputTokens,
            StopSequences = Options.StopSequences.Count > 0 ? [.. Options.StopSequences] : null,
            Tools = _tools.Declarations.Count > 0 ? [.. _tools.Declarations] : null,
        };
        // Models reject tools together with JSON mode: with tools, the instructions ask for JSON, and the answer is checked.
        if (_format.Kind == AnswerKind.Json && _tools.Declarations.Count == 0)
            options.ResponseFormat = _agent.ResponseSchema is { } bound ? ChatResponseFormat.ForJsonSchema(bound) : ChatResponseFormat.Json;
        return options;
    }

    private string Blocked(TurnEnd end, string reason)
    {
        if (end.BlockedCategories is { } categories)
            reason += $" ({categories})";
        if (end.Message is { } message)
            reason += $". {message}";
        ChatLog.Blocked(_agent.Logger, _task.TaskId, reason);
        return reason;
    }

    /// <summary>With the conversation, in case a message crosses with the answer.</summary>
    private CompleteUpdate Completed(string? finishReason) =>
        AgentUpdate.Complete() with { Metadata = ToMetadata(finishReason), GoOnFrom = _conversation.Save().Data };

    private FailUpdate NothingTaken() =>
        Failed($"The model produced none of the media types that the client accepts: {string.Join(", ", _task.AcceptedOutputModes)}.");

    private FailUpdate Failed(string reason) => AgentUpdate.Fail(reason) with { Metadata = Metadata };

    private AgentUpdate WithMetadata(AgentUpdate update) => update switch
    {
        AskUpdate question => question with { Metadata = Metadata },
        RequireAuthorizationUpdate need => need with { Metadata = Metadata },
        _ => update,
    };

    private JsonElement ToMetadata(string? finishReason)
    {
        var metadata = new JsonObject { ["usage"] = _conversation.Usage.ToJson() };
        if (finishReason is not null)
            metadata["finishReason"] = finishReason;
        return ChatJson.ToElement(metadata);
    }
}
