using System.Text.Json;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;

namespace ServerlessA2A.Chat.Conversations;

/// <summary>
/// Estimates the tokens of a message. An exact count would take a call to the service, and a budget far below the model's limit does not
/// need one.
/// </summary>
internal static class TokenEstimate
{
    private const int LettersPerToken = 4;

    /// <summary>Gemini's count for a small image, a page, or a second of video.</summary>
    private const int TokensPerMedium = 258;

    /// <summary>Low on purpose: history is sent with every turn, and a request must not exceed the service's limit.</summary>
    private const int BytesPerToken = 128;

    public static long Of(ChatMessage message) => message.Contents.Sum(Of);

    private static long Of(AIContent content) => content switch
    {
        TextContent text => (text.Text.Length / LettersPerToken) + 1,
        DataContent data => TokensPerMedium + (data.Data.Length / BytesPerToken),
        UriContent => TokensPerMedium,
        FunctionCallContent call => LengthOf(call.Arguments) / LettersPerToken,
        FunctionResultContent result => LengthOf(result.Result) / LettersPerToken,
        _ => 0,
    };

    private static int LengthOf(object? value) => value switch
    {
        null => 0,
        JsonElement json => json.GetRawText().Length,
        _ => JsonSerializer.Serialize(value, ChatJson.Options).Length,
    };
}
