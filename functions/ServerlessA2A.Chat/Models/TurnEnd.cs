using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Models;

/// <summary>How a turn of the model ended.</summary>
/// <param name="Reason">The finish reason.</param>
/// <param name="Word">The reason in the provider's words, such as MAX_TOKENS.</param>
internal sealed record TurnEnd(ChatFinishReason Reason, string Word)
{
    /// <summary>The provider's message about the end; null if there is none.</summary>
    public string? Message { get; init; }

    /// <summary>Why the prompt was blocked; null if it was not.</summary>
    public string? PromptBlock { get; init; }

    /// <summary>The categories for which the prompt or the answer was blocked; null if the provider names none.</summary>
    public string? BlockedCategories { get; init; }

    /// <summary>Whether the model made a tool call that cannot be read. It is asked again.</summary>
    public bool IsMalformedCall { get; init; }

    /// <summary>Whether the provider has withheld tool calls because they may be truncated or garbled.</summary>
    public bool HasWithheldCalls { get; init; }

    /// <summary>Whether the turn is complete: tool calls of any other turn must not run.</summary>
    public bool IsComplete => (Reason == ChatFinishReason.Stop || Reason == ChatFinishReason.ToolCalls) && !IsMalformedCall;

    /// <summary>The reason with the provider's message.</summary>
    public string Why => string.Join(": ", new[] { Word, Message }.Where(part => !string.IsNullOrEmpty(part)));
}
