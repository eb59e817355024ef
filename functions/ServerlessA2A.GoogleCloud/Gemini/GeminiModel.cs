using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Chat.Models;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Settings;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>Gemini: finish reasons in the API's words, blocks and their categories, grounding, and files in Cloud Storage.</summary>
/// <param name="client">A <see cref="GeminiChatClient"/>, or whatever the application has registered instead.</param>
/// <param name="options">The settings, which must be valid.</param>
internal sealed class GeminiModel(IChatClient client, GeminiOptions options) : ChatModel(client)
{
    /// <inheritdoc/>
    public override string? Name => options.Model;

    /// <inheritdoc/>
    public override Files Files { get; } = new BucketFiles(options.Buckets);

    /// <inheritdoc/>
    public override IReadOnlyList<AITool> HostedTools => options.GoogleSearch ? [new HostedWebSearchTool()] : [];

    /// <summary>Google Search and models that generate images accept no tools.</summary>
    public override bool AcceptsTools => !(options.GoogleSearch || options.ResponseModalities.Contains(GeminiModality.Image));

    /// <inheritdoc/>
    public override bool ContinuesAnswers => Client.GetService(typeof(GeminiChatClient)) is not null;

    /// <inheritdoc/>
    protected override TurnEnd EndOf(ChatResponseUpdate end, ChatFinishReason reason)
    {
        var word = Detail(end, GeminiChatClient.FinishReason) ?? reason.Value;
        return new TurnEnd(reason, word)
        {
            Message = Detail(end, GeminiChatClient.FinishMessage),
            PromptBlock = Detail(end, GeminiChatClient.BlockReason),
            BlockedCategories = Detail(end, GeminiChatClient.BlockedCategories),
            IsMalformedCall = word is "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL",
            HasWithheldCalls = Detail(end, GeminiChatClient.VoidCalls) is not null,
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<string> SearchesOf(ChatResponseUpdate update) =>
        update.AdditionalProperties?.TryGetValue(GeminiChatClient.SearchQueries, out List<string>? queries) == true ? queries! : [];

    /// <inheritdoc/>
    public override string TokenRemedy(string section) =>
        $"{base.TokenRemedy(section)}, or lower {SettingFault.Name($"{section}:ThinkingLevel")}";

    /// <inheritdoc/>
    public override ModelException ToException(Exception failure) => failure is GeminiException gemini
        ? new ModelException(gemini.Message, gemini.IsTransient, gemini)
        : base.ToException(failure);

    private static string? Detail(ChatResponseUpdate end, string key) => end.AdditionalProperties?.GetValueOrDefault(key) switch
    {
        null => null,
        IEnumerable<string> several => string.Join(", ", several),
        var one => one.ToString(),
    };
}
