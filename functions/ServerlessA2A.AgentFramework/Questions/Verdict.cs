using System.Text.Json;

namespace ServerlessA2A.AgentFramework.Questions;

/// <summary>The client's answer to a request for approval.</summary>
/// <param name="IsApproved">Whether the call may be made. Only a clear yes approves it.</param>
/// <param name="Reason">The client's reason for a rejection; null for none.</param>
internal sealed record Verdict(bool IsApproved, string? Reason)
{
    private static readonly HashSet<string> Yes =
        new(StringComparer.OrdinalIgnoreCase) { "yes", "y", "ok", "okay", "approve", "approved", "true" };
    private static readonly HashSet<string> No =
        new(StringComparer.OrdinalIgnoreCase) { "no", "n", "reject", "rejected", "deny", "denied", "false" };

    /// <summary>
    /// Reads <c>{"approved": true}</c>, with an optional <c>reason</c>, or a text. A text that is neither yes nor no rejects the call and
    /// is the reason, so that the model reads what the client wants instead.
    /// </summary>
    public static Verdict Read(JsonElement answer)
    {
        if (answer.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return new Verdict(answer.GetBoolean(), null);
        if (answer.ValueKind == JsonValueKind.Object)
        {
            var isApproved = answer.TryGetProperty("approved", out var approved) && approved.ValueKind == JsonValueKind.True;
            var reason = answer.TryGetProperty("reason", out var why) && why.ValueKind == JsonValueKind.String ? why.GetString() : null;
            return new Verdict(isApproved, reason);
        }

        var text = (answer.ValueKind == JsonValueKind.String ? answer.GetString()! : answer.GetRawText()).Trim();
        var word = text.TrimEnd('.', '!');
        return new Verdict(Yes.Contains(word), Yes.Contains(word) || No.Contains(word) ? null : text);
    }
}
