using Google.Cloud.AIPlatform.V1;
using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using static Google.Cloud.AIPlatform.V1.Candidate.Types;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types.PromptFeedback.Types;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class GeminiAnswerTests
{
    private const int ToolUsePromptTokensField = 13;
    private const int ThoughtsTokensField = 14;

    [Fact]
    public void WhatTheServiceSaysOfItselfIsTold()
    {
        var response = new GenerateContentResponse { ModelVersion = "gemini-3.5-flash-001", ResponseId = "r1" };

        var update = new GeminiAnswer().Add(response);

        Assert.Equal(("gemini-3.5-flash-001", "r1", ChatRole.Assistant), (update.ModelId, update.ResponseId, update.Role));
        Assert.Same(response, update.RawRepresentation);
        Assert.Empty(update.Contents);
        Assert.Null(update.FinishReason);
    }

    [Fact]
    public void WhatTheServiceDoesNotSayIsNotMadeUp()
    {
        var update = new GeminiAnswer().Add(new GenerateContentResponse());

        Assert.Null(update.ModelId);
        Assert.Null(update.ResponseId);
        Assert.Null(update.AdditionalProperties);
    }

    [Fact]
    public void PartsAreContentsInTheirOrder()
    {
        var thought = new Part { Text = "Well." };
        NumberedFields.Set(thought, 10, 1);

        var update = new GeminiAnswer().Add(Saying(new Part { Text = "A" }, thought, new Part(), Calling("x"), new Part { Text = "B" }));

        Assert.Equal(
            [typeof(TextContent), typeof(TextReasoningContent), typeof(FunctionCallContent), typeof(TextContent)],
            update.Contents.Select(content => content.GetType()));
    }

    [Theory]
    [InlineData(FinishReason.Stop, "stop", "STOP")]
    [InlineData(FinishReason.MaxTokens, "length", "MAX_TOKENS")]
    [InlineData(FinishReason.Safety, "content_filter", "SAFETY")]
    [InlineData(FinishReason.Recitation, "content_filter", "RECITATION")]
    [InlineData(FinishReason.Blocklist, "content_filter", "BLOCKLIST")]
    [InlineData(FinishReason.ProhibitedContent, "content_filter", "PROHIBITED_CONTENT")]
    [InlineData(FinishReason.Spii, "content_filter", "SPII")]
    [InlineData(FinishReason.MalformedFunctionCall, "MALFORMED_FUNCTION_CALL", "MALFORMED_FUNCTION_CALL")]
    [InlineData(FinishReason.Other, "OTHER", "OTHER")]
    [InlineData((FinishReason)10, "content_filter", "MODEL_ARMOR")]
    [InlineData((FinishReason)11, "content_filter", "IMAGE_SAFETY")]
    [InlineData((FinishReason)12, "content_filter", "IMAGE_PROHIBITED_CONTENT")]
    [InlineData((FinishReason)13, "content_filter", "IMAGE_RECITATION")]
    [InlineData((FinishReason)14, "IMAGE_OTHER", "IMAGE_OTHER")]
    [InlineData((FinishReason)15, "UNEXPECTED_TOOL_CALL", "UNEXPECTED_TOOL_CALL")]
    [InlineData((FinishReason)16, "NO_IMAGE", "NO_IMAGE")]
    [InlineData((FinishReason)99, "99", "99")]
    public void AnAnswerEndsForAReason(FinishReason reason, string expected, string inTheApisWords)
    {
        var response = Ending(reason);

        var update = new GeminiAnswer().Add(response);

        Assert.True(GeminiAnswer.IsFinal(response));
        Assert.Equal(new ChatFinishReason(expected), update.FinishReason);
        Assert.Equal(inTheApisWords, update.AdditionalProperties![GeminiChatClient.FinishReason]);
        Assert.False(update.AdditionalProperties.ContainsKey(GeminiChatClient.FinishMessage));
    }

    [Fact]
    public void AnAnswerWithoutAReasonGoesOn()
    {
        Assert.False(GeminiAnswer.IsFinal(Saying(new Part { Text = "A" })));
        Assert.False(GeminiAnswer.IsFinal(new GenerateContentResponse()));
        Assert.False(GeminiAnswer.IsFinal(new GenerateContentResponse { UsageMetadata = new UsageMetadata() }));
        Assert.False(GeminiAnswer.IsFinal(new GenerateContentResponse { PromptFeedback = new PromptFeedback() }));
    }

    [Fact]
    public void AnAnswerThatCallsToolsEndsForThem()
    {
        var answer = new GeminiAnswer();
        answer.Add(Saying(Calling("x")));

        Assert.Equal(ChatFinishReason.ToolCalls, answer.Add(Ending(FinishReason.Stop)).FinishReason);
    }

    [Theory]
    [InlineData(FinishReason.MaxTokens, "length")]
    [InlineData(FinishReason.MalformedFunctionCall, "MALFORMED_FUNCTION_CALL")]
    [InlineData(FinishReason.Safety, "content_filter")]
    [InlineData((FinishReason)99, "99")]
    public void TheCallsOfAnAnswerThatDoesNotEndWellAreVoid(FinishReason reason, string expected)
    {
        var answer = new GeminiAnswer();
        answer.Add(Saying(Calling("x")));
        var last = Ending(reason);
        last.Candidates[0].Content = new Content { Parts = { new Part { Text = "A" }, Calling("y") } };

        var end = answer.Add(last);

        Assert.Equal(new ChatFinishReason(expected), end.FinishReason);
        Assert.True(answer.IsVoid);
        Assert.Equal("A", Assert.IsType<TextContent>(Assert.Single(end.Contents)).Text);
        Assert.Equal(["x", "y"], Assert.IsType<List<string>>(end.AdditionalProperties![GeminiChatClient.VoidCalls]));
    }

    [Fact]
    public void TheCallsOfAnAnswerThatEndsWellAreNot()
    {
        var answer = new GeminiAnswer();
        answer.Add(Saying(Calling("x")));

        Assert.False(answer.Add(Ending(FinishReason.Stop)).AdditionalProperties!.ContainsKey(GeminiChatClient.VoidCalls));
        Assert.False(answer.IsVoid);
    }

    [Fact]
    public void WhatTheServiceSaysOfTheEndIsTold()
    {
        var response = Ending(FinishReason.MalformedFunctionCall);
        response.Candidates[0].FinishMessage = "No such function.";

        Assert.Equal("No such function.", new GeminiAnswer().Add(response).AdditionalProperties![GeminiChatClient.FinishMessage]);
    }

    [Fact]
    public void TheCategoriesThatBlockedAreTold()
    {
        var response = Ending(FinishReason.Safety);
        response.Candidates[0].SafetyRatings.AddRange(
        [
            new SafetyRating { Category = HarmCategory.Harassment, Blocked = true },
            new SafetyRating { Category = HarmCategory.HateSpeech },
            new SafetyRating { Category = HarmCategory.SexuallyExplicit, Blocked = true },
        ]);

        Assert.Equal(["HARASSMENT", "SEXUALLY_EXPLICIT"], Categories(new GeminiAnswer().Add(response))!);
        Assert.Null(Categories(new GeminiAnswer().Add(Ending(FinishReason.Safety))));
    }

    [Theory]
    [InlineData(BlockedReason.Safety, "SAFETY")]
    [InlineData(BlockedReason.Other, "OTHER")]
    [InlineData(BlockedReason.Blocklist, "BLOCKLIST")]
    [InlineData(BlockedReason.ProhibitedContent, "PROHIBITED_CONTENT")]
    [InlineData((BlockedReason)9, "9")]
    public void APromptThatIsBlockedEndsTheAnswer(BlockedReason reason, string inTheApisWords)
    {
        var response = new GenerateContentResponse { PromptFeedback = new PromptFeedback { BlockReason = reason } };

        var update = new GeminiAnswer().Add(response);

        Assert.True(GeminiAnswer.IsFinal(response));
        Assert.Equal(ChatFinishReason.ContentFilter, update.FinishReason);
        Assert.Equal(inTheApisWords, update.AdditionalProperties![GeminiChatClient.BlockReason]);
        Assert.False(update.AdditionalProperties.ContainsKey(GeminiChatClient.FinishReason));
        Assert.False(update.AdditionalProperties.ContainsKey(GeminiChatClient.FinishMessage));
    }

    [Fact]
    public void WhyAPromptIsBlockedIsTold()
    {
        var update = new GeminiAnswer().Add(new GenerateContentResponse
        {
            PromptFeedback = new PromptFeedback
            {
                BlockReason = BlockedReason.Safety,
                BlockReasonMessage = "Too harmful.",
                SafetyRatings = { new SafetyRating { Category = HarmCategory.DangerousContent, Blocked = true } },
            },
        });

        Assert.Equal("Too harmful.", update.AdditionalProperties![GeminiChatClient.FinishMessage]);
        Assert.Equal(["DANGEROUS_CONTENT"], Categories(update)!);
    }

    [Fact]
    public void FeedbackThatBlocksNothingSaysNothing()
    {
        var response = Saying(new Part { Text = "A" });
        response.PromptFeedback = new PromptFeedback { SafetyRatings = { new SafetyRating { Category = HarmCategory.Harassment } } };

        var update = new GeminiAnswer().Add(response);

        Assert.Null(update.FinishReason);
        Assert.Null(update.AdditionalProperties);
    }

    [Fact]
    public void NoTwoCallsHaveTheSameId()
    {
        var answers = Enumerable.Range(0, 3).Select(_ => new GeminiAnswer());

        var ids = answers.SelectMany(answer => (string[])[.. IdsOf(answer), .. IdsOf(answer)]).ToList();

        Assert.Equal(18, ids.Count);
        Assert.Equal(ids, ids.Distinct());

        static IEnumerable<string> IdsOf(GeminiAnswer answer) =>
            answer.Add(Saying(Calling("x"), new Part { Text = "A" }, Calling("x"), Calling("y"))).Contents.OfType<FunctionCallContent>()
                .Select(call => call.CallId);
    }

    [Fact]
    public void WithoutCountsThereIsNoUsage()
    {
        var answer = new GeminiAnswer();
        answer.Add(Saying(new Part { Text = "A" }));

        Assert.Null(answer.Usage());
    }

    [Fact]
    public void TheLastCountsAreThoseOfTheWholeAnswer()
    {
        var answer = new GeminiAnswer();
        answer.Add(Counting(new UsageMetadata { PromptTokenCount = 10, CandidatesTokenCount = 1, TotalTokenCount = 11 }));
        answer.Add(Counting(
            new UsageMetadata { PromptTokenCount = 10, CandidatesTokenCount = 5, TotalTokenCount = 15, CachedContentTokenCount = 4 }));
        answer.Add(Saying(new Part { Text = "A" }));

        var usage = answer.Usage()!.Details;

        Assert.Equal((10, 5, 15), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
        Assert.Equal((4, 0), (usage.CachedInputTokenCount, usage.ReasoningTokenCount));
    }

    [Fact]
    public void ThoughtsAreCountedAsTheyAreTold()
    {
        var usage = UsageOf(
            new UsageMetadata { PromptTokenCount = 10, CandidatesTokenCount = 5, TotalTokenCount = 40 }, (ThoughtsTokensField, 25));

        Assert.Equal((10, 30, 40, 25), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount, usage.ReasoningTokenCount));
    }

    [Fact]
    public void ThoughtsThatAreNotToldAreWhatNothingElseExplains()
    {
        var usage = UsageOf(new UsageMetadata { PromptTokenCount = 10, CandidatesTokenCount = 5, TotalTokenCount = 40 });

        Assert.Equal((10, 30, 40, 25), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount, usage.ReasoningTokenCount));
    }

    [Fact]
    public void WhatToolsOfTheServiceReadIsInputAndNoThought()
    {
        var usage = UsageOf(
            new UsageMetadata { PromptTokenCount = 10, CandidatesTokenCount = 5, TotalTokenCount = 45 }, (ToolUsePromptTokensField, 7));

        Assert.Equal((17, 28, 23), (usage.InputTokenCount, usage.OutputTokenCount, usage.ReasoningTokenCount));
    }

    [Fact]
    public void ThoughtsAreNeverLessThanNone()
    {
        var usage = UsageOf(new UsageMetadata { PromptTokenCount = 10, CandidatesTokenCount = 5 });

        Assert.Equal((10, 5, 0, 0), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount, usage.ReasoningTokenCount));
    }

    [Fact]
    public void OfSeveralCandidatesTheFirstCounts()
    {
        var response = Saying(new Part { Text = "A" });
        response.Candidates.Add(
            new Candidate { Content = new Content { Parts = { new Part { Text = "B" } } }, FinishReason = FinishReason.Stop });

        Assert.Equal("A", new GeminiAnswer().Add(response).Text);
        Assert.False(GeminiAnswer.IsFinal(response));
    }

    private static GenerateContentResponse Saying(params Part[] parts) =>
        new() { Candidates = { new Candidate { Content = new Content { Role = "model", Parts = { parts } } } } };

    private static GenerateContentResponse Ending(FinishReason reason) =>
        new() { Candidates = { new Candidate { FinishReason = reason } } };

    private static GenerateContentResponse Counting(UsageMetadata usage) => new() { UsageMetadata = usage };

    private static Part Calling(string name) => new() { FunctionCall = new FunctionCall { Name = name } };

    private static IEnumerable<string>? Categories(ChatResponseUpdate update) =>
        (IEnumerable<string>?)update.AdditionalProperties!.GetValueOrDefault(GeminiChatClient.BlockedCategories);

    private static UsageDetails UsageOf(UsageMetadata usage, params (int Field, long Value)[] more)
    {
        foreach (var (field, value) in more)
            NumberedFields.Set(usage, field, value);
        var answer = new GeminiAnswer();
        answer.Add(Counting(usage));
        return answer.Usage()!.Details;
    }
}
