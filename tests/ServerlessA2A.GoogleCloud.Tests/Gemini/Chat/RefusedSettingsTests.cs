using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class RefusedSettingsTests
{
    private static readonly GeminiSettings All = new()
    {
        ProjectId = "p",
        Location = "l",
        Model = "m",
        Temperature = 0.5f,
        TopP = 0.5f,
        MaxOutputTokens = 10,
        StopSequences = ["END"],
        ThinkingLevel = GeminiThinkingLevel.Low,
        ResponseModalities = [GeminiModality.Image],
        Safety = new Dictionary<HarmCategory, SafetySetting.Types.HarmBlockThreshold> { [HarmCategory.Harassment] = default },
    };

    // In the words of the service, as public bug reports have them.
    [Theory]
    [InlineData("Temperature is not supported for this model.", "Temperature")]
    [InlineData("Unable to submit request because it has a temperature value of 3 but the supported range is from 0 (inclusive) to " +
        "2.0001 (exclusive).", "Temperature")]
    [InlineData("top_p is not supported.", "TopP")]
    [InlineData("Unable to submit request because it has a topP value of 3.", "TopP")]
    [InlineData("Unable to submit request because it has a maxOutputTokens value of 100000 but the supported range is from 1 " +
        "(inclusive) to 65537 (exclusive).", "MaxOutputTokens")]
    [InlineData("max_output_tokens must be positive.", "MaxOutputTokens")]
    [InlineData("The stopSequences are too many.", "StopSequences")]
    [InlineData("Thinking level is not supported for this model.", "ThinkingLevel")]
    [InlineData("Unable to submit request because thinking is not supported by this model.", "ThinkingLevel")]
    [InlineData("Model does not support the requested response modalities: image", "ResponseModalities")]
    [InlineData("Multi-modal output is not supported.", "ResponseModalities")]
    [InlineData("The specified schema produces a constraint that has too many states for serving.", "ResponseSchema")]
    [InlineData("JSON mode is not enabled for this model", "ResponseSchema")]
    [InlineData("Invalid value at 'safety_settings[0].threshold'", "Safety")]
    [InlineData("Developer instruction is not enabled for models/m", "Instructions")]
    [InlineData("Search Grounding is not supported.", "GoogleSearch")]
    [InlineData("google_search is not supported.", "GoogleSearch")]
    public void TheSettingToRemoveIsNamed(string detail, string setting)
    {
        var (set, unset) = (Message(detail, All), Message(detail, new GeminiSettings { ProjectId = "p", Location = "l", Model = "m" }));

        Assert.Equal($"Gemini rejected the request: {detail} Remove the setting A2A:Gemini:{setting} (A2A__Gemini__{setting}).", set);
        if (setting is not ("ResponseSchema" or "Instructions" or "GoogleSearch"))
            Assert.Equal($"Gemini rejected the request: {detail}", unset);
    }

    [Theory]
    [InlineData("Thinking budget is not supported for this model.")]
    [InlineData("The thinking budget (52428) is invalid.")]
    [InlineData("The model does not support setting thinking_budget to 0")]
    [InlineData("Budget 0 is invalid. This model only works in thinking mode.")]
    public void TheBudgetIsNamedWhereItIsWhatWasSet(string detail) => Assert.EndsWith(
        "Remove the setting A2A:Gemini:ThinkingBudget (A2A__Gemini__ThinkingBudget).",
        Message(detail, All with { ThinkingLevel = null, ThinkingBudget = 0 }), StringComparison.Ordinal);

    [Theory]
    [InlineData("Function calling is not enabled for models/m")]
    [InlineData("Tool use is unsupported.")]
    public void ToolsAreToBeSwitchedOff(string detail) => Assert.EndsWith(
        "Set A2A:Gemini:Tools (A2A__Gemini__Tools) and A2A:Gemini:AskUser (A2A__Gemini__AskUser) to false.", Message(detail, All),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Request contains an invalid argument.")]
    [InlineData("")]
    public void WhereTheServiceNamesNothingAllThatMayBeItAreNamed(string detail)
    {
        var message = Message(detail, All);

        foreach (var name in (string[])["Temperature", "TopP", "StopSequences", "ThinkingLevel", "ResponseModalities", "Safety"])
            Assert.Contains($"A2A:Gemini:{name} (A2A__Gemini__{name})", message, StringComparison.Ordinal);
        Assert.DoesNotContain("MaxOutputTokens", message, StringComparison.Ordinal);
        Assert.DoesNotContain("ThinkingBudget", message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsAboutNoSettingNamesNone() =>
        Assert.Equal("Gemini rejected the request: The image is too large.", Message("The image is too large.", All));

    private static string Message(string detail, GeminiSettings settings)
    {
        var options = new ChatOptions
        {
            Instructions = "Be brief.",
            ResponseFormat = ChatResponseFormat.ForJsonSchema(Properties.Parse("""{"type":"object"}""")),
            Tools = [new HostedWebSearchTool(), AIFunctionFactory.Create(() => 1, "now")],
        };
        var request = GeminiRequest.From([new ChatMessage(ChatRole.User, "Hi")], options, settings, null!);
        return GeminiFaults.ToException(new RpcException(new Status(StatusCode.InvalidArgument, detail)), request).Message;
    }
}
