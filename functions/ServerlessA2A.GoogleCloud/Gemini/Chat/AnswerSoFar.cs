using System.Text;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Models;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>
/// The part of an answer that arrived before it was interrupted. The next call shows it to the model and asks it to continue.
/// </summary>
internal sealed class AnswerSoFar
{
    private readonly List<V1.Part> _parts = [];
    private readonly StringBuilder _text = new();
    private Continuation? _continuation;

    /// <summary>Removes a trailing message of the model from a request.</summary>
    public static AnswerSoFar TakeFrom(V1.GenerateContentRequest request)
    {
        var said = new AnswerSoFar();
        if (request.Contents is [.., { Role: GeminiRequest.Model } last])
        {
            request.Contents.RemoveAt(request.Contents.Count - 1);
            foreach (var part in last.Parts)
                said.Add(part);
        }

        return said;
    }

    /// <summary>The request for the rest of the answer; the request itself if nothing has arrived.</summary>
    public V1.GenerateContentRequest Continue(V1.GenerateContentRequest request)
    {
        if (_parts.Count == 0)
            return request;
        _continuation = new Continuation(_text.ToString());
        var next = request.Clone();
        next.Contents.Add(new V1.Content { Role = GeminiRequest.Model, Parts = { Joined() } });
        next.Contents.Add(new V1.Content { Role = GeminiRequest.User, Parts = { new V1.Part { Text = Continuation.Request } } });
        return next;
    }

    /// <summary>Records output. Calls and thoughts of an interrupted answer are discarded.</summary>
    public void Add(IEnumerable<AIContent> contents)
    {
        foreach (var content in contents)
        {
            if (content is TextContent { Text.Length: > 0 } or DataContent && GeminiParts.ToPart(content) is { } part)
                Add(part);
        }
    }

    /// <inheritdoc cref="Continuation.Align"/>
    public void Align(ChatResponseUpdate update, bool isFinal) => _continuation?.Align(update, isFinal);

    /// <summary>Joins text that arrived in pieces into one part, as the model produced it.</summary>
    private IEnumerable<V1.Part> Joined()
    {
        V1.Part? text = null;
        var joined = new StringBuilder();
        foreach (var part in _parts)
        {
            if (text is not null && part.HasText)
            {
                joined.Append(part.Text);
                continue;
            }

            if (text is not null)
            {
                text.Text = joined.ToString();
                yield return text;
            }

            text = part.HasText ? part.Clone() : null;
            joined.Clear().Append(part.HasText ? part.Text : "");
            if (text is null)
                yield return part;
        }

        if (text is not null)
        {
            text.Text = joined.ToString();
            yield return text;
        }
    }

    private void Add(V1.Part part)
    {
        if (part.HasText)
            _text.Append(part.Text);
        _parts.Add(part);
    }
}
