using System.Text.RegularExpressions;
using Google.Protobuf;
using ServerlessA2A.Settings;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>
/// Finds the setting to remove when the service rejects a request. Not every model accepts every setting, and the service's errors name
/// fields of the API in changing words. Only settings that the request has are named.
/// </summary>
internal static partial class RefusedSettings
{
    private static readonly Setting[] Settings =
    [
        new("Temperature", Temperature(), request => request.GenerationConfig?.HasTemperature == true),
        new("TopP", TopP(), request => request.GenerationConfig?.HasTopP == true),
        new("MaxOutputTokens", MaxOutputTokens(), request => request.GenerationConfig?.HasMaxOutputTokens == true, IsTakenByAll: true),
        new("StopSequences", StopSequences(), request => request.GenerationConfig?.StopSequences.Count > 0),
        new("ThinkingLevel", Thinking(), request => HasThinking(request, GeminiRequest.ThinkingLevelField)),
        new("ThinkingBudget", Thinking(), request => HasThinking(request, GeminiRequest.ThinkingBudgetField)),
        new("ResponseModalities", ResponseModalities(), request => Has(request, ConfigFields.ResponseModalities)),
        new("ResponseSchema", ResponseSchema(), request => Has(request, ConfigFields.ResponseJsonSchema)),
        new("Safety", Safety(), request => request.SafetySettings.Count > 0),
        new("Instructions", Instructions(), request => request.SystemInstruction is not null, IsTakenByAll: true),
        new("GoogleSearch", GoogleSearch(), request => request.Tools.Any(tool => tool.GoogleSearch is not null)),
    ];

    /// <summary>The remedy for a rejection, as a sentence; empty if it is not about a setting.</summary>
    /// <param name="detail">The service's error.</param>
    /// <param name="request">The rejected request.</param>
    public static string RemedyFor(string detail, V1.GenerateContentRequest request)
    {
        var found = Settings.Where(setting => setting.Words.IsMatch(detail) && setting.IsIn(request)).ToList();
        if (found.Count > 0)
            return $"Remove the setting {Names(found)}.";
        if (FunctionCalling().IsMatch(detail) && request.Tools.Any(tool => tool.FunctionDeclarations.Count > 0))
            return $"Set {SettingFault.Name("A2A:Gemini:Tools")} and {SettingFault.Name("A2A:Gemini:AskUser")} to false.";
        found = [.. Settings.Where(setting => !setting.IsTakenByAll && setting.IsIn(request))];
        return Unnamed().IsMatch(detail) && found.Count > 0 ? $"Not every model accepts all settings: try without {Names(found)}." : "";
    }

    private static string Names(List<Setting> settings) =>
        string.Join(", ", settings.Select(setting => SettingFault.Name($"A2A:Gemini:{setting.Name}")));

    private static bool Has(V1.GenerateContentRequest request, int field) =>
        request.GenerationConfig is { } config && NumberedFields.Read(config, field).Count > 0;

    private static bool HasThinking(V1.GenerateContentRequest request, int field) =>
        request.GenerationConfig is { } config && NumberedFields.Read(config, ConfigFields.Thinking) is [.., (_, ByteString thinking)] &&
        NumberedFields.Read(thinking.ToByteArray(), field).Count > 0;

    [GeneratedRegex("temperature", RegexOptions.IgnoreCase)]
    private static partial Regex Temperature();

    [GeneratedRegex(@"\btop[_ ]?p\b", RegexOptions.IgnoreCase)]
    private static partial Regex TopP();

    [GeneratedRegex("max[_ ]?output[_ ]?tokens", RegexOptions.IgnoreCase)]
    private static partial Regex MaxOutputTokens();

    [GeneratedRegex("stop[_ ]?sequence", RegexOptions.IgnoreCase)]
    private static partial Regex StopSequences();

    /// <summary>A request has at most one of the two settings, and rejections do not always distinguish them.</summary>
    [GeneratedRegex(@"thinking|\bbudget\b", RegexOptions.IgnoreCase)]
    private static partial Regex Thinking();

    [GeneratedRegex("modalit|multi-?modal output", RegexOptions.IgnoreCase)]
    private static partial Regex ResponseModalities();

    [GeneratedRegex("response[_ ]?(json[_ ]?)?schema|response[_ ]?mime|json mode|specified schema", RegexOptions.IgnoreCase)]
    private static partial Regex ResponseSchema();

    [GeneratedRegex("safety[_ ]?setting|harm[_ ]?(category|block)", RegexOptions.IgnoreCase)]
    private static partial Regex Safety();

    [GeneratedRegex("(system|developer)[_ ]?instruction", RegexOptions.IgnoreCase)]
    private static partial Regex Instructions();

    [GeneratedRegex("search|grounding", RegexOptions.IgnoreCase)]
    private static partial Regex GoogleSearch();

    [GeneratedRegex("(function[_ ]?calling|tool use|tools?) (is|are) (not|un)", RegexOptions.IgnoreCase)]
    private static partial Regex FunctionCalling();

    /// <summary>A rejection that does not name its cause.</summary>
    [GeneratedRegex(@"^\s*$|contains an invalid argument", RegexOptions.IgnoreCase)]
    private static partial Regex Unnamed();

    /// <param name="Name">The setting's name in the section A2A:Gemini.</param>
    /// <param name="Words">How rejections refer to it.</param>
    /// <param name="IsIn">Whether a request has it.</param>
    /// <param name="IsTakenByAll">Whether all models accept it if its value is valid.</param>
    private sealed record Setting(string Name, Regex Words, Func<V1.GenerateContentRequest, bool> IsIn, bool IsTakenByAll = false);
}
