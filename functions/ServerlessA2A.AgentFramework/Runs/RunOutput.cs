using System.Text;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ServerlessA2A.AgentFramework.Sessions;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Answers;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.AgentFramework.Runs;

/// <summary>Turns the updates of an agent into artifacts and progress.</summary>
internal sealed class RunOutput
{
    private const string FilePrefix = "file-";

    private readonly AgentContext _task;
    private readonly AnswerFormat _format;
    private readonly AnswerArtifacts _artifacts;
    private readonly bool _isWorkflow;
    private readonly List<(string Author, string? MessageId, StringBuilder Text)> _held = [];
    private string? _author;
    private string? _messageId;
    private bool _isNewMessage;
    private int _files;

    public RunOutput(AgentContext task, SavedState state, bool isWorkflow)
    {
        (_task, _isWorkflow) = (task, isWorkflow);
        _format = AnswerFormat.Choose(task);
        _artifacts = new AnswerArtifacts(task, state.Heard, _format.TextType);
        _isNewMessage = !state.BreaksOff;
        _files = task.Artifacts.Count(artifact => artifact.ArtifactId.StartsWith(FilePrefix, StringComparison.Ordinal));
    }

    /// <summary>The options of the run: JSON, if the client accepts nothing else.</summary>
    public AgentRunOptions? Options =>
        _format.Kind == AnswerKind.Json ? new AgentRunOptions { ResponseFormat = ChatResponseFormat.Json } : null;

    /// <summary>Whether the last thing that the agent said is text, which may continue.</summary>
    public bool IsAmidText { get; private set; }

    /// <summary>Why the run has no usable answer; null if it has one.</summary>
    public string? Failure { get; private set; }

    /// <summary>Why the answer is not whole, such as <c>length</c>; null if it is.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>What an update means for the client.</summary>
    public IEnumerable<AgentUpdate> Say(AgentResponseUpdate update)
    {
        foreach (var content in update.Contents)
        {
            if (Say(content, update) is { } said)
                yield return said;
        }

        // The agents of a workflow end for themselves.
        if (_isWorkflow || update.FinishReason is not { } reason)
            yield break;
        FinishReason = reason == ChatFinishReason.Length ? reason.Value : null;
        if (reason == ChatFinishReason.ContentFilter)
            Failure = $"The answer was blocked: {reason.Value}.";
    }

    /// <summary>Ends a step of a workflow: the texts of agents that worked beside the first one follow.</summary>
    public IEnumerable<AgentUpdate> EndStep()
    {
        var held = _held.GroupBy(text => text.Author).SelectMany(texts => texts).ToList();
        _held.Clear();
        _author = null;
        foreach (var (_, messageId, text) in held)
        {
            if (Append(text.ToString(), messageId) is { } said)
                yield return said;
        }
    }

    /// <summary>Ends the answer.</summary>
    public IEnumerable<AgentUpdate> End(Transcript transcript)
    {
        foreach (var held in EndStep())
            yield return held;
        if (_format.Kind == AnswerKind.Json && transcript.LastText() is { Length: > 0 } text)
        {
            var (value, fault) = JsonAnswer.Read(text, null);
            if (value is { } json)
                yield return _artifacts.Data(json, null);
            else
                Failure ??= $"The agent did not return the requested JSON. {fault}";
        }

        if (_artifacts.EndText(null) is { } end)
            yield return end;
    }

    private AgentUpdate? Say(AIContent content, AgentResponseUpdate update)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text:
                Failure = null;
                return Text(text.Text, update);
            case DataContent data:
                return _artifacts.Medium(data);
            case UriContent uri when _task.Accepts(uri.MediaType):
                return AgentUpdate.Artifact($"{FilePrefix}{++_files}", [Part.FromUri(uri.Uri.OriginalString, uri.MediaType)]);
            case FunctionCallContent call:
                IsAmidText = false;
                return AgentUpdate.Report($"Calling {call.Name}.");
            case FunctionResultContent:
                _isNewMessage = true;
                return null;
            case ErrorContent error:
                // Refusals come like this. An agent that continues with a text has coped.
                Failure = error.Message;
                return null;
            default:
                return null;
        }
    }

    private ArtifactUpdate? Text(string text, AgentResponseUpdate update)
    {
        IsAmidText = true;
        var author = update.AuthorName ?? update.AgentId ?? "";
        _author ??= author;
        if (!_isWorkflow || author == _author)
            return Append(text, update.MessageId);
        // Agents of a workflow may speak at the same time: one is streamed, the others wait until the step ends.
        if (_held.FindLast(held => held.Author == author) is { Text: { } last } newest && newest.MessageId == update.MessageId)
            last.Append(text);
        else
            _held.Add((author, update.MessageId, new StringBuilder(text)));
        return null;
    }

    private ArtifactUpdate? Append(string text, string? messageId)
    {
        if (_format.Kind != AnswerKind.Text)
            return null;
        if (_isNewMessage || (_messageId is not null && _messageId != messageId))
            _artifacts.BeginTurn();
        (_isNewMessage, _messageId) = (false, messageId);
        return _artifacts.Text(text);
    }
}
