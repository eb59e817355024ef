using Google.Cloud.AIPlatform.V1;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types.PromptFeedback.Types;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class GeminiNamesTests
{
    [Theory]
    [InlineData(Candidate.Types.FinishReason.Stop, "STOP")]
    [InlineData(Candidate.Types.FinishReason.MaxTokens, "MAX_TOKENS")]
    [InlineData(Candidate.Types.FinishReason.MalformedFunctionCall, "MALFORMED_FUNCTION_CALL")]
    [InlineData(Candidate.Types.FinishReason.Spii, "SPII")]
    [InlineData((Candidate.Types.FinishReason)17, "17")]
    [InlineData((Candidate.Types.FinishReason)(-1), "-1")]
    public void AReasonHasTheNameOfTheApi(Candidate.Types.FinishReason reason, string name) => Assert.Equal(name, GeminiNames.Of(reason));

    [Theory]
    [InlineData(BlockedReason.ProhibitedContent, "PROHIBITED_CONTENT")]
    [InlineData(BlockedReason.Blocklist, "BLOCKLIST")]
    public void ABlockHasTheNameOfTheApi(BlockedReason reason, string name) => Assert.Equal(name, GeminiNames.Of(reason));

    [Theory]
    [InlineData(HarmCategory.HateSpeech, "HATE_SPEECH")]
    [InlineData(HarmCategory.DangerousContent, "DANGEROUS_CONTENT")]
    public void ACategoryHasTheNameOfTheApiWithoutItsPrefix(HarmCategory category, string name) =>
        Assert.Equal(name, GeminiNames.Of(category));
}
