using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Tools;

/// <summary>The tool with which a model asks the client: the task is interrupted, and the client's answer is the tool's result.</summary>
internal static class AskUserTool
{
    public const string Name = "ask_user";

    private const string QuestionName = "question";

    /// <summary>The declaration that the model gets.</summary>
    public static AIFunctionDeclaration Declaration { get; } = AIFunctionFactory.CreateDeclaration(
        Name,
        "Asks the user a question and waits for the answer. Use it only where the task can't be done without it.",
        JsonDocument.Parse("""
            {"type":"object","properties":{"question":{"type":"string","description":"The question, complete and polite."}},"required":["question"]}
            """).RootElement,
        null);

    /// <summary>The question of a call; null if the model has omitted it.</summary>
    public static string? QuestionOf(FunctionCallContent call) =>
        call.Arguments?.TryGetValue(QuestionName, out var question) == true && question?.ToString() is { } text &&
            !string.IsNullOrWhiteSpace(text)
            ? text
            : null;
}
