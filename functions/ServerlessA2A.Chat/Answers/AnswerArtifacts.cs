using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Chat.Answers;

/// <summary>
/// Turns the model's output into artifacts: its text into one growing artifact, each medium into its own. The answer to a further message
/// of the client is a separate artifact.
/// </summary>
internal sealed class AnswerArtifacts
{
    private readonly AgentContext _task;
    private readonly string? _textType;
    private readonly HashSet<string> _ids;
    private string _textId = "";
    private bool _hasText;
    private bool _isNewTurn;

    /// <param name="task">The task, with the artifacts of earlier runs.</param>
    /// <param name="question">The number of the client's message that is answered: 1 for the first.</param>
    /// <param name="textType">The media type of text; null for plain text.</param>
    public AnswerArtifacts(AgentContext task, int question, string? textType)
    {
        (_task, _textType) = (task, textType);
        _ids = [.. task.Artifacts.Select(artifact => artifact.ArtifactId)];
        BeginAnswer(question);
    }

    /// <summary>Whether this run has produced a medium for the answer.</summary>
    public bool HasMedia { get; private set; }

    /// <summary>Whether the answer has any content.</summary>
    public bool HasAny => _hasText || HasMedia;

    /// <summary>Starts the answer to a message of the client, or continues that of an earlier run.</summary>
    public void BeginAnswer(int question)
    {
        _textId = question > 1 ? $"answer-{question}" : "answer";
        (_hasText, _isNewTurn, HasMedia) = (_ids.Contains(_textId), false, false);
    }

    /// <summary>Starts a turn: its text is a new paragraph.</summary>
    public void BeginTurn() => _isNewTurn = _hasText;

    /// <summary>Appends text.</summary>
    public ArtifactUpdate Text(string text)
    {
        var append = _hasText;
        var paragraph = _isNewTurn ? "\n\n" + text : text;
        (_hasText, _isNewTurn) = (true, false);
        return new(NewText(paragraph)) { Append = append };
    }

    /// <summary>Ends the text; null if there is none.</summary>
    /// <param name="metadata">The artifact's metadata; null for none.</param>
    public ArtifactUpdate? EndText(JsonObject? metadata) => _hasText
        ? new(NewText("") with { Metadata = metadata is null ? null : ChatJson.ToElement(metadata) }) { Append = true, LastChunk = true }
        : null;

    /// <summary>A complete JSON value.</summary>
    public ArtifactUpdate Data(JsonElement json, JsonObject? metadata) => new(new Artifact
    {
        ArtifactId = _textId,
        Parts = [Part.FromData(json) with { MediaType = "application/json" }],
        Metadata = metadata is null ? null : ChatJson.ToElement(metadata),
    })
    { LastChunk = true };

    /// <summary>A complete image or other medium; null if the client does not accept it.</summary>
    public ArtifactUpdate? Medium(DataContent data)
    {
        if (!_task.Accepts(data.MediaType))
            return null;
        HasMedia = true;
        var kind = data.MediaType.Split('/')[0];
        var number = 1;
        while (!_ids.Add($"{kind}-{number}"))
            number++;
        var id = $"{kind}-{number}";
        (data.AdditionalProperties ??= [])[ConversationState.ArtifactId] = id;
        return AgentUpdate.Artifact(id, [MessageContents.ToPart(data)]);
    }

    private Artifact NewText(string text) => new() { ArtifactId = _textId, Parts = [Part.FromText(text) with { MediaType = _textType }] };
}
