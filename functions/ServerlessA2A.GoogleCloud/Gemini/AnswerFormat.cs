using ServerlessA2A.Agents;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>In what form the client takes the answer.</summary>
/// <param name="Kind">What it is made of.</param>
/// <param name="TextType">The media type of text; null for plain text.</param>
internal sealed record AnswerFormat(AnswerKind Kind, string? TextType = null)
{
    /// <summary>Text wherever it will do, since it streams; JSON where text won't. A send that accepts nothing of it was refused before.</summary>
    public static AnswerFormat Choose(AgentContext task)
    {
        if (task.Accepts("text/plain"))
            return new AnswerFormat(AnswerKind.Text);
        if (task.AcceptedOutputModes.FirstOrDefault(type => type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)) is { } text)
            return new AnswerFormat(AnswerKind.Text, text);
        return new AnswerFormat(task.Accepts("application/json") ? AnswerKind.Json : AnswerKind.Media);
    }
}
