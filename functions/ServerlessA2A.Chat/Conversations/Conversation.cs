using System.Text.Json;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Chat.Conversations;

/// <summary>
/// A task's conversation with the model, tool calls included. It is stored as the checkpoint, so that another instance that continues
/// neither repeats an answered turn nor a finished tool call.
/// </summary>
internal sealed class Conversation
{
    private readonly List<ChatMessage> _messages;
    private readonly Dictionary<string, string> _answers;
    private readonly Dictionary<string, int> _answerCounts;
    private readonly Dictionary<string, string> _progress;
    private readonly List<UnreadablePartException> _unreadable = [];
    private readonly Func<Message, CallbackResult?> _callbackOf;

    /// <summary>The calls that the client's next message answers; null for all, after a checkpoint of an earlier version.</summary>
    private HashSet<string>? _asking;

    private Conversation(ConversationState state, Func<Message, CallbackResult?> callbackOf)
    {
        _callbackOf = callbackOf;
        _messages = [.. state.Messages];
        _answers = new Dictionary<string, string>(state.Answers);
        _answerCounts = new Dictionary<string, int>(state.AnswerCounts ?? new Dictionary<string, int>());
        _asking = state.Asking?.ToHashSet();
        _progress = new Dictionary<string, string>(state.Progress ?? new Dictionary<string, string>());
        (Usage, Turns, BreaksOff, Sources) = (state.Usage, state.Turns, state.BreaksOff, state.Sources ?? new Sources());
    }

    /// <summary>The messages, oldest first.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>The task's usage so far.</summary>
    public UsageTotals Usage { get; set; }

    /// <summary>The sources of the answer to the client's last message.</summary>
    public Sources Sources { get; private set; }

    /// <summary>The number of model calls since the client's last message.</summary>
    public int Turns { get; set; }

    /// <summary>Whether the model's last message is the start of an answer that a run had to leave.</summary>
    public bool BreaksOff { get; private set; }

    /// <summary>The number of the client's messages: each is answered by separate artifacts.</summary>
    public int Questions => _messages.Count(message => message.MessageId is not null);

    /// <summary>The calls of the model's last turn that have no result yet.</summary>
    public IReadOnlyList<FunctionCallContent> OpenCalls()
    {
        var last = _messages.FindLastIndex(message => message.Role == ChatRole.Assistant);
        if (last < 0)
            return [];
        var ended = _messages.Skip(last).SelectMany(message => message.Contents)
            .OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet();
        return [.. _messages[last].Contents.OfType<FunctionCallContent>().Where(call => !ended.Contains(call.CallId))];
    }

    /// <summary>The client's answer to a tool; null if the tool has not asked.</summary>
    public string? AnswerTo(string callId) => _answers.GetValueOrDefault(callId);

    /// <summary>The number of the client's answers to a tool: another answer may have the same text.</summary>
    public int AnswerCountOf(string callId) => _answerCounts.GetValueOrDefault(callId);

    /// <summary>Sets the open calls that ask the client. Other calls must not get the answer, which may be secret.</summary>
    public void Ask(IEnumerable<string> callIds) => _asking = [.. callIds];

    /// <summary>How far an open call is, by its own words; null if it has saved nothing.</summary>
    public string? ProgressOf(string callId) => _progress.GetValueOrDefault(callId);

    /// <summary>Keeps how far a call is. Calls that have a result need it no more.</summary>
    public void Keep(string callId, string progress)
    {
        var open = OpenCalls().Select(call => call.CallId).ToHashSet();
        foreach (var ended in _progress.Keys.Where(id => !open.Contains(id)).ToList())
            _progress.Remove(ended);
        _progress[callId] = progress;
    }

    /// <summary>The newest callback that has the subject; null for none.</summary>
    public CallbackResult? CallbackTo(string subject) => _messages.Select(message => message.RawRepresentation).OfType<Message>()
        .Select(_callbackOf).LastOrDefault(callback => callback?.Subject == subject);

    /// <summary>Continues from the task's checkpoint, or starts.</summary>
    /// <param name="task">The task.</param>
    /// <param name="files">The files that may be read at their address.</param>
    /// <param name="unknown">Called for a checkpoint of another agent.</param>
    /// <exception cref="UnreadablePartException">No model can read a part of the message that opened the task.</exception>
    public static Conversation Of(AgentContext task, Files files, Action<JsonException?> unknown)
    {
        ConversationState? state = null;
        if (task.Checkpoint is { } checkpoint)
        {
            try
            {
                if ((state = ConversationState.Read(checkpoint, task, files)) is null)
                    unknown(null);
            }
            catch (JsonException broken)
            {
                unknown(broken);
            }
        }

        var conversation = new Conversation(state ?? ConversationState.Empty, task.CallbackOf);
        // By reference, not by id: ids need not be unique.
        var heard = conversation._messages.Select(message => message.RawRepresentation).OfType<Message>()
            .ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var message in task.History.Where(message => !heard.Contains(message)))
        {
            if (message.Role == Role.User)
                conversation.Hear(message, files);
            else if (state is null)
                conversation.Say(MessageContents.OfReadable(message.Parts, "message.parts", files, conversation.Refuse));
        }

        return conversation;
    }

    /// <summary>The state, as a checkpoint.</summary>
    public SaveCheckpointUpdate Save() =>
        new(new ConversationState(_messages, _answers, Usage, Turns, BreaksOff, Sources, _progress, _answerCounts, _asking).Write());

    /// <summary>Adds the model's output, complete or partial.</summary>
    public void Say(IReadOnlyList<AIContent> contents, bool breaksOff = false)
    {
        contents = WithUniqueCallIds(contents);
        _asking = [];
        if (BreaksOff && _messages[^1].Role == ChatRole.Assistant)
        {
            var whole = new TurnContents();
            whole.AddRange(_messages[^1].Contents);
            whole.AddRange(contents);
            _messages[^1] = new ChatMessage(ChatRole.Assistant, whole.ToList());
        }
        else if (contents.Count > 0)
        {
            _messages.Add(new ChatMessage(ChatRole.Assistant, [.. contents]));
        }

        BreaksOff = breaksOff && _messages[^1].Role == ChatRole.Assistant;
    }

    /// <summary>
    /// Adds a tool's result. Results are in the order of their calls, however the tools end. Files follow the results in a message of
    /// their own, because not every model accepts files in results.
    /// </summary>
    public void Result(string callId, JsonElement result, IReadOnlyList<DataContent>? files = null)
    {
        // Text as text: clients that send JSON as a string would put it into quotes.
        var content = new FunctionResultContent(callId, result.ValueKind == JsonValueKind.String ? result.GetString() : result);
        // Directly after the calls, even if the client has sent a message since.
        var after = _messages.FindLastIndex(message => message.Role == ChatRole.Assistant) + 1;
        if (after < _messages.Count && _messages[after].Role == ChatRole.Tool)
        {
            var order = _messages[after - 1].Contents.OfType<FunctionCallContent>().Select(call => call.CallId).ToList();
            var results = _messages[after].Contents;
            results.Insert(
                results.OfType<FunctionResultContent>().Count(result => order.IndexOf(result.CallId) < order.IndexOf(callId)), content);
        }
        else
            _messages.Insert(after, new ChatMessage(ChatRole.Tool, [content]));
        if (files?.Count > 0)
        {
            var name = _messages[after - 1].Contents.OfType<FunctionCallContent>().FirstOrDefault(call => call.CallId == callId)?.Name;
            _messages.Insert(after + 1, new ChatMessage(ChatRole.User, [new TextContent($"Files in the result of {name}:"), .. files]));
        }

        _answers.Remove(callId);
        _answerCounts.Remove(callId);
    }

    /// <summary>Adds a note to the model that is not from the client.</summary>
    public void Tell(string text) => _messages.Add(new ChatMessage(ChatRole.User, text));

    /// <summary>Adds a new message of the client.</summary>
    /// <exception cref="UnreadablePartException">No model can read a part of the message that opened the task.</exception>
    public void Hear(Message message, Files files)
    {
        if (_callbackOf(message) is not null)
        {
            HearCallback(message);
            return;
        }

        var asking = OpenCalls().Where(call => _asking?.Contains(call.CallId) != false).ToList();
        _asking = [];
        var contents = MessageContents.Of(message, answersTool: asking.Count > 0, files, Refuse);
        var text = string.Join('\n', contents.Where(MessageContents.IsSaid).Select(content => ((TextContent)content).Text));
        (Turns, BreaksOff) = (0, false);
        Sources = new Sources();
        foreach (var call in asking)
        {
            if (call.Name == Tools.AskUserTool.Name)
            {
                Result(call.CallId, ChatJson.ToElement(new Dictionary<string, string> { ["answer"] = text }));
                continue;
            }

            _answers[call.CallId] = text;
            _answerCounts[call.CallId] = AnswerCountOf(call.CallId) + 1;
        }

        // If it answers a tool, its text is the tool's result; files and notes are added anyway. The message counts as read in any case.
        var added = asking.Count == 0 ? contents : [.. contents.Where(content => !MessageContents.IsSaid(content))];
        _messages.Add(new ChatMessage(ChatRole.User, added)
        {
            MessageId = message.MessageId,
            RawRepresentation = message,
            AdditionalProperties = asking.Count == 0 ? null : new() { [ConversationState.AnswersTool] = true },
        });
    }

    /// <summary>
    /// Adds a callback: for the tool that created it, which is called again. Its parameters may be secret, and are no answer to a question:
    /// the model does not get them.
    /// </summary>
    private void HearCallback(Message message)
    {
        (Turns, BreaksOff) = (0, false);
        _messages.Add(new ChatMessage(ChatRole.User, [])
        {
            MessageId = message.MessageId,
            RawRepresentation = message,
            AdditionalProperties = new() { [ConversationState.AnswersTool] = true },
        });
        // Without an open call the model needs something to answer.
        if (OpenCalls().Count == 0)
            Tell("The user has returned from the page of an authorization.");
    }

    /// <summary>Returns why parts of messages since the last call cannot be read, for the client. The model gets notes instead.</summary>
    public IReadOnlyList<UnreadablePartException> TakeUnreadable()
    {
        UnreadablePartException[] unreadable = [.. _unreadable];
        _unreadable.Clear();
        return unreadable;
    }

    /// <summary>Results find their calls by id, and tools recognize repeated calls by it, but not every model gives unique ids.</summary>
    private List<AIContent> WithUniqueCallIds(IReadOnlyList<AIContent> contents)
    {
        var ids = _messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => call.CallId).ToHashSet();
        return [.. contents.Select(content => content is FunctionCallContent call ? WithUniqueId(call, ids) : content)];
    }

    private static FunctionCallContent WithUniqueId(FunctionCallContent call, HashSet<string> ids)
    {
        if (call.CallId.Length > 0 && ids.Add(call.CallId))
            return call;
        var number = 2;
        while (!ids.Add($"{call.CallId}-{number}"))
            number++;
        return new FunctionCallContent($"{call.CallId}-{number}", call.Name, call.Arguments)
        {
            AdditionalProperties = call.AdditionalProperties,
        };
    }

    /// <summary>Only the message that opens the task can be rejected: after it there is work that must not be lost.</summary>
    private void Refuse(UnreadablePartException reason)
    {
        if (_messages.Count == 0)
            throw reason;
        _unreadable.Add(reason);
    }
}
