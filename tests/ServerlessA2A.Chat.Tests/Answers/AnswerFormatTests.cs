using ServerlessA2A.Chat.Answers;

namespace ServerlessA2A.Chat.Tests.Answers;

public class AnswerFormatTests
{
    [Theory]
    [InlineData("Text", null)]
    [InlineData("Text", null, "*/*")]
    [InlineData("Text", null, "text/*")]
    [InlineData("Text", null, "text/plain")]
    [InlineData("Text", null, "TEXT/PLAIN; charset=utf-8")]
    [InlineData("Text", null, "application/json", "text/plain")]
    [InlineData("Text", null, "text/markdown", "text/plain")]
    [InlineData("Text", "text/markdown", "text/markdown")]
    [InlineData("Text", "text/html", "application/json", "image/png", "text/html", "text/markdown")]
    [InlineData("Json", null, "application/json")]
    [InlineData("Json", null, "image/png", "application/json")]
    [InlineData("Json", null, "application/*")]
    [InlineData("Media", null, "image/png")]
    [InlineData("Media", null, "image/*", "audio/*")]
    public void TextIsChosenWhereverItWillDo(string kind, string? textType, params string[] accepted) =>
        Assert.Equal(new AnswerFormat(Enum.Parse<AnswerKind>(kind), textType), AnswerFormat.Choose(AgentContexts.Accepting(accepted)));
}
