using System.Text.Json;
using Google.Cloud.AIPlatform.V1;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.GoogleCloud.Gemini.Conversations;
using ServerlessA2A.Settings;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>
/// The model and its parameters: the section <c>A2A:Gemini</c>. With a <see cref="Model"/>, the default agent is <see cref="GeminiAgent"/>.
/// </summary>
public sealed class GeminiOptions
{
    /// <summary>
    /// The model's name, such as <c>gemini-3.5-flash</c>, or a resource name, such as that of an endpoint with a tuned model.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>The project that is billed. Default: <c>A2A:GoogleCloud:ProjectId</c>, or that of the environment.</summary>
    public string? ProjectId { get; set; }

    /// <summary>The location of the model: <c>global</c>, or a region such as <c>europe-west4</c>. Default: <c>global</c>.</summary>
    public string Location { get; set; } = "global";

    /// <summary>
    /// The address of the API. An address with <c>http://</c> is called without TLS and without credentials. Default: the location's
    /// endpoint.
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>The system instruction of every conversation.</summary>
    public string? Instructions { get; set; }

    /// <summary>The sampling temperature, 0 to 2. Default: the model's own; some models reject any other.</summary>
    public float? Temperature { get; set; }

    /// <summary>The probability mass of nucleus sampling, 0 to 1. Default: the model's own.</summary>
    public float? TopP { get; set; }

    /// <summary>The largest number of tokens in one answer of the model. Default: the model's own limit.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>Texts that end an answer.</summary>
    public IList<string> StopSequences { get; } = [];

    /// <summary>
    /// How much the model thinks before it answers: <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>. Default: the model's own. Not
    /// together with <see cref="ThinkingBudget"/>.
    /// </summary>
    public string? ThinkingLevel { get; set; }

    /// <summary>
    /// How many tokens the model may think, for models before Gemini 3: 0 for none, -1 for as many as it likes. Default: the model's own.
    /// </summary>
    public int? ThinkingBudget { get; set; }

    /// <summary>The modalities of the model's answers: <c>Text</c>, <c>Image</c>, <c>Audio</c>. Default: the model's own setting.</summary>
    public IList<GeminiModality> ResponseModalities { get; } = [];

    /// <summary>
    /// The probability of harm from which an answer is blocked, by category: <c>A2A:Gemini:Safety:Harassment</c> = <c>BlockOnlyHigh</c>.
    /// Default: Google's.
    /// </summary>
    public IDictionary<string, string> Safety { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The Cloud Storage buckets whose files (<c>gs://</c>) the model may read for callers; <c>*</c> for any. It reads them with the
    /// permissions of the project, whoever the caller is. Default: none.
    /// </summary>
    public IList<string> Buckets { get; } = [];

    /// <summary>A JSON Schema that answers in JSON must satisfy, as text.</summary>
    public string? ResponseSchema { get; set; }

    /// <summary>Whether answers are grounded with Google Search. Some models reject it together with tools. Default: false.</summary>
    public bool GoogleSearch { get; set; }

    /// <summary>Whether the model may call the registered tools. Default: true.</summary>
    public bool Tools { get; set; } = true;

    /// <summary>The names of registered tools that the model must never call.</summary>
    public IList<string> DisabledTools { get; } = [];

    /// <summary>
    /// Whether the model may ask the client a question (the tool <c>ask_user</c>). Default: true, except with <see cref="GoogleSearch"/>
    /// and image models, which accept no tools.
    /// </summary>
    public bool? AskUser { get; set; }

    /// <summary>How long one tool call may take. Default: 60 s.</summary>
    public TimeSpan ToolTimeLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The largest result of a tool, in characters of JSON.</summary>
    internal int MaxToolResultLength { get; set; } = 200_000;

    /// <summary>
    /// How many times the model is called for one message of the client before the task fails, so that a model cannot call tools forever.
    /// Default: 25.
    /// </summary>
    public int MaxTurns { get; set; } = 25;

    /// <summary>
    /// The largest part of the earlier conversation that the model receives, in estimated tokens; the oldest messages are dropped first.
    /// Default: 32,000.
    /// </summary>
    public int MemoryTokens { get; set; } = 32_000;

    /// <summary>How many earlier tasks of the conversation are read for that, 0 to 100.</summary>
    internal int MemoryTasks { get; set; } = 20;

    /// <summary>How many times a model call is attempted.</summary>
    internal int MaxTries { get; set; } = 6;

    /// <summary>How long a failing model call is retried.</summary>
    internal TimeSpan RetryLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the model may send nothing before a call counts as failed.</summary>
    internal TimeSpan SilenceLimit { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Model))
            yield return SettingFault.NotSet("A2A:Gemini:Model", "set a model's name, such as gemini-3.5-flash.");
        if (string.IsNullOrWhiteSpace(ProjectId))
        {
            yield return $"{SettingFault.Name("A2A:Gemini:ProjectId")} is not set, nor is A2A:GoogleCloud:ProjectId, " +
                $"{string.Join(", ", GoogleCloudOptions.ProjectVariables)}: set one of them to the id of the project that is billed.";
        }

        if (string.IsNullOrWhiteSpace(Location) || Location.AsSpan().ContainsAny('/', '.', ' '))
            yield return SettingFault.Of("A2A:Gemini:Location", Location, "set global, or a region such as europe-west4.");
        if (Endpoint?.Contains("://", StringComparison.Ordinal) == true &&
            !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
            yield return SettingFault.Of("A2A:Gemini:Endpoint", Endpoint, "set a host, or an http or https address.");
        if (Temperature is < 0 or > 2)
            yield return SettingFault.Of("A2A:Gemini:Temperature", Temperature, "set 0 to 2.");
        if (TopP is < 0 or > 1)
            yield return SettingFault.Of("A2A:Gemini:TopP", TopP, "set 0 to 1.");
        if (MaxOutputTokens < 1)
            yield return SettingFault.Of("A2A:Gemini:MaxOutputTokens", MaxOutputTokens, "set at least 1.");
        if (ThinkingBudget < -1)
            yield return SettingFault.Of("A2A:Gemini:ThinkingBudget", ThinkingBudget, "set -1 or more.");
        if (FaultOfThinkingLevel() is { } fault)
            yield return fault;
        foreach (var (category, threshold) in Safety)
        {
            var (categories, thresholds) = (Names<HarmCategory>(), Names<SafetySetting.Types.HarmBlockThreshold>());
            if (!categories.Contains(category, StringComparer.OrdinalIgnoreCase) ||
                !thresholds.Contains(threshold, StringComparer.OrdinalIgnoreCase))
            {
                yield return SettingFault.Of(
                    $"A2A:Gemini:Safety:{category}",
                    threshold,
                    $"set a threshold ({string.Join(", ", thresholds)}) of a category ({string.Join(", ", categories)}).");
            }
        }

        for (var i = 0; i < Buckets.Count; i++)
        {
            var bucket = Buckets[i];
            if (bucket.Length == 0 || bucket.AsSpan().ContainsAny('/', ':', ' ') ||
                (bucket.Contains('*', StringComparison.Ordinal) && bucket != Files.AnyBucket))
                yield return SettingFault.Of(
                    $"A2A:Gemini:Buckets:{i}", bucket, $"set a bucket's name without gs://, or {Files.AnyBucket} for any.");
        }

        if (ResponseSchema is not null && !IsJsonObject(ResponseSchema))
            yield return SettingFault.Of("A2A:Gemini:ResponseSchema", ResponseSchema, "set a JSON Schema, as a JSON object.");
        if (ToolTimeLimit <= TimeSpan.Zero || ToolTimeLimit > TimeSpan.FromDays(1))
            yield return SettingFault.Of("A2A:Gemini:ToolTimeLimit", ToolTimeLimit, "set a time above 0, up to a day.");
        if (MaxTurns < 1)
            yield return SettingFault.Of("A2A:Gemini:MaxTurns", MaxTurns, "set at least 1.");
        if (MemoryTokens < 0)
            yield return SettingFault.Of("A2A:Gemini:MemoryTokens", MemoryTokens, "set 0 or more.");
    }

    /// <summary>The model and what goes for every call of it. The options must be valid.</summary>
    internal GeminiSettings ToSettings() => new()
    {
        ProjectId = ProjectId!,
        Location = Location,
        Model = Model!,
        Temperature = Temperature,
        TopP = TopP,
        MaxOutputTokens = MaxOutputTokens,
        StopSequences = [.. StopSequences],
        ThinkingLevel = string.IsNullOrEmpty(ThinkingLevel) ? null : Enum.Parse<GeminiThinkingLevel>(ThinkingLevel, ignoreCase: true),
        ThinkingBudget = ThinkingBudget,
        ResponseModalities = [.. ResponseModalities],
        Safety = Safety.ToDictionary(
            setting => Enum.Parse<HarmCategory>(setting.Key, ignoreCase: true),
            setting => Enum.Parse<SafetySetting.Types.HarmBlockThreshold>(setting.Value, ignoreCase: true)),
        MaxTries = MaxTries,
        RetryLimit = RetryLimit,
        SilenceLimit = SilenceLimit,
    };

    private string? FaultOfThinkingLevel()
    {
        if (string.IsNullOrEmpty(ThinkingLevel))
            return null;
        if (!Enum.GetNames<GeminiThinkingLevel>().Contains(ThinkingLevel, StringComparer.OrdinalIgnoreCase))
            return SettingFault.Of("A2A:Gemini:ThinkingLevel", ThinkingLevel, "set minimal, low, medium or high.");
        return ThinkingBudget is null
            ? null
            : $"{SettingFault.Name("A2A:Gemini:ThinkingLevel")} is '{ThinkingLevel}' and " +
              $"{SettingFault.Name("A2A:Gemini:ThinkingBudget")} is {ThinkingBudget}: remove one of them, models take only one. " +
              "Gemini 3 and later take the level.";
    }

    private static IEnumerable<string> Names<TEnum>()
        where TEnum : struct, Enum => Enum.GetNames<TEnum>().Where(name => name != "Unspecified");

    private static bool IsJsonObject(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
