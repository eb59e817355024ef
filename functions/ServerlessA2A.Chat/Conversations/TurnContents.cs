using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Conversations;

/// <summary>The contents of one turn of the model. Text that arrives in pieces is joined, as the model gets it back.</summary>
internal sealed class TurnContents
{
    private readonly List<AIContent> _contents = [];
    private readonly System.Text.StringBuilder _text = new();
    private readonly System.Text.StringBuilder _reasoning = new();
    private AdditionalPropertiesDictionary? _textProperties;

    /// <summary>All the text of the turn.</summary>
    public System.Text.StringBuilder Text { get; } = new();

    public void AddRange(IEnumerable<AIContent> contents)
    {
        foreach (var content in contents)
            Add(content);
    }

    /// <summary>
    /// Adds contents that are sent back to the model: text, media and calls, but not counts. Of thoughts only sealed ones are sent back,
    /// which some models require with their calls.
    /// </summary>
    public void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                _text.Append(text.Text);
                Text.Append(text.Text);
                _textProperties = text.AdditionalProperties ?? _textProperties;
                break;
            case TextReasoningContent thought:
                _reasoning.Append(thought.Text);
                if (thought.ProtectedData is not { } seal)
                    break;
                CloseText();
                _contents.Add(new TextReasoningContent(_reasoning.ToString()) { ProtectedData = seal });
                _reasoning.Clear();
                break;
            case DataContent or UriContent or FunctionCallContent:
                CloseText();
                _contents.Add(content);
                break;
        }
    }

    public IList<AIContent> ToList()
    {
        CloseText();
        return [.. _contents];
    }

    private void CloseText()
    {
        if (_text.Length > 0 || _textProperties is not null)
            _contents.Add(new TextContent(_text.ToString()) { AdditionalProperties = _textProperties });
        _text.Clear();
        _textProperties = null;
    }
}
