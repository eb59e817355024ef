using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Conversations;

/// <summary>The usage of a task so far, in tokens and model calls.</summary>
internal sealed record UsageTotals(long Input = 0, long Output = 0, long Thinking = 0, int Calls = 0, string? Model = null)
{
    /// <summary>The totals including another call, or more of one.</summary>
    public UsageTotals Plus(UsageDetails usage)
    {
        var (output, thinking) = (usage.OutputTokenCount ?? 0, usage.ReasoningTokenCount ?? 0);
        return this with
        {
            Input = Input + (usage.InputTokenCount ?? 0),
            // Thinking is a part of the output, unless the provider counts it apart.
            Output = Output + (thinking <= output ? output - thinking : output),
            Thinking = Thinking + thinking,
        };
    }

    /// <summary>The form in the task's metadata.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Model,
        ["calls"] = Calls,
        ["inputTokens"] = Input,
        ["outputTokens"] = Output,
        ["thinkingTokens"] = Thinking,
    };
}
