using System.Text.Json;
using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Gemini.Chat;

namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>
/// About how many tokens a message has. Counting them exactly is a call to the service; a budget that keeps far below the model's limit
/// needs no exact count.
/// </summary>
internal static class TokenEstimate
{
    private const int LettersPerToken = 4;

    /// <summary>What Gemini counts for an image that needs no tiling, a page, or a second of video.</summary>
    private const int TokensPerMedium = 258;

    /// <summary>Low on purpose: what is remembered is sent with every turn, and a request must not be too large for the service.</summary>
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
