using ServerlessA2A.Agents;

namespace ServerlessA2A.Chat.Answers;

/// <summary>The form in which the client accepts the answer.</summary>
/// <param name="Kind">The kind of content.</param>
/// <param name="TextType">The media type of text; null for plain text.</param>
internal sealed record AnswerFormat(AnswerKind Kind, string? TextType = null)
{
    /// <summary>
    /// Chooses text if the client accepts it, because text streams, and else JSON. Sends that accept neither were rejected before.
    /// </summary>
    public static AnswerFormat Choose(AgentContext task)
    {
        if (task.Accepts("text/plain"))
            return new AnswerFormat(AnswerKind.Text);
        if (task.AcceptedOutputModes.FirstOrDefault(type => type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)) is { } text)
            return new AnswerFormat(AnswerKind.Text, text);
        return new AnswerFormat(task.Accepts("application/json") ? AnswerKind.Json : AnswerKind.Media);
    }
}
