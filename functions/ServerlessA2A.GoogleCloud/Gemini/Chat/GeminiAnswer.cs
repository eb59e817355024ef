using Microsoft.Extensions.AI;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>Converts Gemini's stream into chat updates. One instance per answer, because usage counts once.</summary>
internal sealed class GeminiAnswer
{
    private const int ToolUsePromptTokensField = 13;
    private const int ThoughtsTokensField = 14;

    private readonly List<string> _calls = [];
    private V1.GenerateContentResponse.Types.UsageMetadata? _usage;

    /// <summary>Whether the calls of the answer must not run, because it ended for another reason than STOP.</summary>
    public bool IsVoid { get; private set; }

    /// <summary>Whether a response ends the answer: it has a reason, or the prompt was blocked.</summary>
    public static bool IsFinal(V1.GenerateContentResponse response) =>
        response.Candidates is [{ FinishReason: not V1.Candidate.Types.FinishReason.Unspecified }, ..] || IsBlocked(response);

    /// <summary>Converts a response into an update.</summary>
    public ChatResponseUpdate Add(V1.GenerateContentResponse response)
    {
        if (response.UsageMetadata is not null)
            _usage = response.UsageMetadata;
        var update = new ChatResponseUpdate
        {
            Role = ChatRole.Assistant,
            ModelId = NullIfEmpty(response.ModelVersion),
            ResponseId = NullIfEmpty(response.ResponseId),
            RawRepresentation = response,
        };
        if (response.Candidates is [var candidate, ..])
            AddCandidate(update, candidate);
        else if (IsBlocked(response))
            AddBlock(update, response.PromptFeedback);
        return update;
    }

    /// <summary>The tokens of the whole answer; null if the service did not report them.</summary>
    public UsageContent? Usage()
    {
        if (_usage is null)
            return null;
        long toolUse = 0;
        long? thoughts = null;
        foreach (var (field, value) in NumberedFields.Read(_usage, ToolUsePromptTokensField, ThoughtsTokensField))
        {
            if (field == ToolUsePromptTokensField)
                toolUse = (long)value;
            else
                thoughts = (long)value;
        }

        var input = _usage.PromptTokenCount + toolUse;
        // If the service does not report thinking tokens, they are the part of the total that nothing else accounts for.
        thoughts ??= Math.Max(0, _usage.TotalTokenCount - input - _usage.CandidatesTokenCount);
        return new UsageContent(new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = _usage.CandidatesTokenCount + thoughts,
            TotalTokenCount = _usage.TotalTokenCount,
            CachedInputTokenCount = _usage.CachedContentTokenCount,
            ReasoningTokenCount = thoughts,
        });
    }

    private static bool IsBlocked(V1.GenerateContentResponse response) =>
        response.Candidates.Count == 0 && response.PromptFeedback is not null &&
        response.PromptFeedback.BlockReason != V1.GenerateContentResponse.Types.PromptFeedback.Types.BlockedReason.Unspecified;

    private void AddCandidate(ChatResponseUpdate update, V1.Candidate candidate)
    {
        foreach (var part in candidate.Content?.Parts ?? [])
        {
            // A counter would repeat itself: the conversation may have lost its beginning.
            if (GeminiParts.ToContent(part, $"call-{Guid.NewGuid():N}") is not { } content)
                continue;
            if (content is FunctionCallContent call)
                _calls.Add(call.Name);
            update.Contents.Add(content);
        }

        GeminiSources.Add(update, candidate);
        if (candidate.FinishReason == V1.Candidate.Types.FinishReason.Unspecified)
            return;
        update.FinishReason = candidate.FinishReason switch
        {
            V1.Candidate.Types.FinishReason.Stop => _calls.Count > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
            V1.Candidate.Types.FinishReason.MaxTokens => ChatFinishReason.Length,
            V1.Candidate.Types.FinishReason.Safety or V1.Candidate.Types.FinishReason.Recitation
                or V1.Candidate.Types.FinishReason.Blocklist or V1.Candidate.Types.FinishReason.ProhibitedContent
                or V1.Candidate.Types.FinishReason.Spii => ChatFinishReason.ContentFilter,
            _ when (int)candidate.FinishReason is >= 10 and <= 13 => ChatFinishReason.ContentFilter,
            _ => new ChatFinishReason(NameOf(candidate.FinishReason)),
        };
        var more = update.AdditionalProperties ??= [];
        more[GeminiChatClient.FinishReason] = NameOf(candidate.FinishReason);
        if (!string.IsNullOrEmpty(candidate.FinishMessage))
            more[GeminiChatClient.FinishMessage] = candidate.FinishMessage;
        AddCategories(more, candidate.SafetyRatings);
        if (candidate.FinishReason != V1.Candidate.Types.FinishReason.Stop)
            Void(update);
    }

    /// <summary>Withdraws the calls of an answer that ended abnormally; the chat client holds back those of earlier updates.</summary>
    private void Void(ChatResponseUpdate update)
    {
        IsVoid = true;
        foreach (var call in update.Contents.OfType<FunctionCallContent>().ToList())
            update.Contents.Remove(call);
        if (_calls.Count > 0)
            update.AdditionalProperties![GeminiChatClient.VoidCalls] = _calls.ToList();
    }

    private void AddBlock(ChatResponseUpdate update, V1.GenerateContentResponse.Types.PromptFeedback feedback)
    {
        update.FinishReason = ChatFinishReason.ContentFilter;
        var more = update.AdditionalProperties ??= [];
        more[GeminiChatClient.BlockReason] = GeminiNames.Of(feedback.BlockReason);
        if (feedback.BlockReasonMessage.Length > 0)
            more[GeminiChatClient.FinishMessage] = feedback.BlockReasonMessage;
        AddCategories(more, feedback.SafetyRatings);
        Void(update);
    }

    private static void AddCategories(AdditionalPropertiesDictionary more, IEnumerable<V1.SafetyRating> ratings)
    {
        var blocked = ratings.Where(rating => rating.Blocked).Select(rating => GeminiNames.Of(rating.Category)).ToList();
        if (blocked.Count > 0)
            more[GeminiChatClient.BlockedCategories] = blocked;
    }

    /// <summary>The package lacks names for newer reasons.</summary>
    private static string NameOf(V1.Candidate.Types.FinishReason reason) => (int)reason switch
    {
        10 => "MODEL_ARMOR",
        11 => "IMAGE_SAFETY",
        12 => "IMAGE_PROHIBITED_CONTENT",
        13 => "IMAGE_RECITATION",
        14 => "IMAGE_OTHER",
        15 => "UNEXPECTED_TOOL_CALL",
        16 => "NO_IMAGE",
        _ => GeminiNames.Of(reason),
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
