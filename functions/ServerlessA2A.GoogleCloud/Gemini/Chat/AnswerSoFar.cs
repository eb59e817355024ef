using System.Text;
using Microsoft.Extensions.AI;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>
/// The part of an answer that arrived before it was interrupted. The next call shows it to the model and asks it to continue. If the model
/// still starts over or repeats its last words, the repetition is dropped, so that readers get each word once.
/// </summary>
internal sealed class AnswerSoFar
{
    private const string GoOn =
        "Your answer above broke off because the connection was lost. Go on exactly where it stopped, " +
        "in the middle of a word if need be. " +
        "Repeat nothing, and don't mention the interruption.";

    /// <summary>Fewer equal letters may be coincidence.</summary>
    private const int LeastOverlap = 12;

    private readonly List<V1.Part> _parts = [];
    private readonly StringBuilder _text = new();
    private string? _before;
    private string _held = "";

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
        _before = _text.ToString();
        _held = "";
        var next = request.Clone();
        next.Contents.Add(new V1.Content { Role = GeminiRequest.Model, Parts = { Joined() } });
        next.Contents.Add(new V1.Content { Role = GeminiRequest.User, Parts = { new V1.Part { Text = GoOn } } });
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

    /// <summary>Removes repeated output from an update.</summary>
    public void Align(ChatResponseUpdate update, bool isFinal)
    {
        if (_before is null)
            return;
        TextContent? last = null;
        foreach (var text in update.Contents.OfType<TextContent>().Where(text => text.Annotations is null))
        {
            text.Text = Align(text.Text);
            last = text;
        }

        if (isFinal && _before is not null)
        {
            // The output so far looks like a repetition, and is one unless it may be coincidence.
            var rest = _held.Length >= LeastOverlap &&
                (_before.StartsWith(_held, StringComparison.Ordinal) || _before.EndsWith(_held, StringComparison.Ordinal))
                    ? ""
                    : _held;
            if (last is not null)
                last.Text += rest;
            else if (rest.Length > 0)
                update.Contents.Insert(0, new TextContent(rest));
            _before = null;
        }

        foreach (var empty in update.Contents.OfType<TextContent>().Where(IsEmpty).ToList())
            update.Contents.Remove(empty);
    }

    private static bool IsEmpty(TextContent text) => text is { Text.Length: 0, Annotations: null, AdditionalProperties: null };

    private string Align(string text)
    {
        if (_before is null)
            return text;
        _held += text;
        if (_held.Length < _before.Length && _before.Contains(_held, StringComparison.Ordinal))
            return "";
        if (_held.StartsWith(_before, StringComparison.Ordinal))
            return Release(_before.Length);
        for (var overlap = Math.Min(_before.Length, _held.Length); overlap >= LeastOverlap; overlap--)
        {
            if (_before.AsSpan().EndsWith(_held.AsSpan(0, overlap)))
                return Release(overlap);
        }

        return Release(0);
    }

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

    private string Release(int repeated)
    {
        _before = null;
        return _held[repeated..];
    }

    private void Add(V1.Part part)
    {
        if (part.HasText)
            _text.Append(part.Text);
        _parts.Add(part);
    }
}
