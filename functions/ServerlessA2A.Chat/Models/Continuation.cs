using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Models;

/// <summary>
/// The continuation of an answer that was interrupted. The model is shown its words so far and asked to continue. If it still starts over
/// or repeats its last words, the repetition is dropped, so that readers get each word once.
/// </summary>
/// <param name="before">The words so far.</param>
internal sealed class Continuation(string before)
{
    /// <summary>What the model is asked, after its words so far.</summary>
    public const string Request =
        "Your answer above broke off because the connection was lost. Go on exactly where it stopped, " +
        "in the middle of a word if need be. " +
        "Repeat nothing, and don't mention the interruption.";

    /// <summary>Fewer equal letters may be coincidence.</summary>
    private const int LeastOverlap = 12;

    private string _held = "";
    private bool _isAligned;

    /// <summary>Removes repeated output from an update.</summary>
    /// <param name="update">The update, or an empty one after the last.</param>
    /// <param name="isFinal">Whether no more updates follow: text that might be a repetition is decided on.</param>
    public void Align(ChatResponseUpdate update, bool isFinal)
    {
        if (_isAligned)
            return;
        TextContent? last = null;
        foreach (var text in update.Contents.OfType<TextContent>().Where(text => text.Annotations is null))
        {
            text.Text = Align(text.Text);
            last = text;
        }

        if (isFinal && !_isAligned)
        {
            // The output so far looks like a repetition, and is one unless it may be coincidence.
            var rest = _held.Length >= LeastOverlap &&
                (before.StartsWith(_held, StringComparison.Ordinal) || before.EndsWith(_held, StringComparison.Ordinal))
                    ? ""
                    : _held;
            if (last is not null)
                last.Text += rest;
            else if (rest.Length > 0)
                update.Contents.Insert(0, new TextContent(rest));
            _isAligned = true;
        }

        foreach (var empty in update.Contents.OfType<TextContent>().Where(IsEmpty).ToList())
            update.Contents.Remove(empty);
    }

    private static bool IsEmpty(TextContent text) => text is { Text.Length: 0, Annotations: null, AdditionalProperties: null };

    private string Align(string text)
    {
        if (_isAligned)
            return text;
        _held += text;
        if (_held.Length < before.Length && before.Contains(_held, StringComparison.Ordinal))
            return "";
        if (_held.StartsWith(before, StringComparison.Ordinal))
            return Release(before.Length);
        for (var overlap = Math.Min(before.Length, _held.Length); overlap >= LeastOverlap; overlap--)
        {
            if (before.AsSpan().EndsWith(_held.AsSpan(0, overlap)))
                return Release(overlap);
        }

        return Release(0);
    }

    private string Release(int repeated)
    {
        _isAligned = true;
        return _held[repeated..];
    }
}
