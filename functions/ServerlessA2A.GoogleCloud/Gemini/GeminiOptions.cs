using System.Text.Json;
using Google.Cloud.AIPlatform.V1;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.GoogleCloud.Gemini.Conversations;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>Which model answers, and how: the section <c>A2A:Gemini</c>. With a <see cref="Model"/> the agent that ships is <see cref="GeminiAgent"/>.</summary>
public sealed class GeminiOptions
{
    /// <summary>The model's name, such as <c>gemini-3.5-flash</c>, or a resource name, such as that of an endpoint with a tuned model.</summary>
    public string? Model { get; set; }

    /// <summary>The project that is billed. Unless set, <c>A2A:GoogleCloud:ProjectId</c>, or that of the environment.</summary>
    public string? ProjectId { get; set; }

    /// <summary>The location of the model: <c>global</c> unless set, or a region such as <c>europe-west4</c>.</summary>
    public string Location { get; set; } = "global";

    /// <summary>The address of the API. That of the location unless set; with <c>http://</c> it is called in the clear and without credentials.</summary>
    public string? Endpoint { get; set; }

    /// <summary>What the model is told before every conversation.</summary>
    public string? Instructions { get; set; }

    /// <summary>0 to 2. Default: the model's own. Some models reject any other.</summary>
    public float? Temperature { get; set; }

    /// <summary>0 to 1. The model's own unless set.</summary>
    public float? TopP { get; set; }

    /// <summary>How many tokens one answer of the model may have. The model's own limit unless set.</summary>
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

    /// <summary>What the model may answer with: <c>Text</c>, <c>Image</c>, <c>Audio</c>. Its own way unless set.</summary>
    public IList<GeminiModality> ResponseModalities { get; } = [];

    /// <summary>From what probability of harm on an answer is blocked: <c>A2A:Gemini:Safety:Harassment</c> = <c>BlockOnlyHigh</c>. Google's defaults unless set.</summary>
    public IDictionary<string, string> Safety { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The Cloud Storage buckets whose files (<c>gs://</c>) callers may have the model read, which it does with the rights of the project; <c>*</c> for any. None unless set.
    /// </summary>
    public IList<string> Buckets { get; } = [];

    /// <summary>A JSON Schema that answers in JSON must satisfy, as text.</summary>
    public string? ResponseSchema { get; set; }

    /// <summary>Whether answers are grounded with Google Search. Off unless set. Some models refuse it together with tools.</summary>
    public bool GoogleSearch { get; set; }

    /// <summary>Whether the model may call the tools that are registered. On unless set.</summary>
    public bool Tools { get; set; } = true;

    /// <summary>The names of tools that the model may not call all the same.</summary>
    public IList<string> DisabledTools { get; } = [];

    /// <summary>Whether the model may ask the client back (the tool <c>ask_user</c>). On unless set, but for <see cref="GoogleSearch"/> and models that draw, which take no tools.</summary>
    public bool? AskUser { get; set; }

    /// <summary>How long one call of a tool may take. 60 s unless set.</summary>
    public TimeSpan ToolTimeLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How large the result of a tool may be, in characters of JSON. 200,000 unless set.</summary>
    public int MaxToolResultLength { get; set; } = 200_000;

    /// <summary>How often the model is called for one message of the client before the task fails: what ends a model that calls tools for ever. 25 unless set.</summary>
    public int MaxTurns { get; set; } = 25;

    /// <summary>How many tokens, as estimated, of what was said before the client's message the model is shown. 32,000 unless set; the oldest is left out first.</summary>
    public int MemoryTokens { get; set; } = 32_000;

    /// <summary>How many earlier tasks of the conversation are read for that. 20 unless set, 0 for none, 100 at most.</summary>
    public int MemoryTasks { get; set; } = 20;

    /// <summary>How often a call of the model is tried at most. 6 unless set.</summary>
    public int MaxTries { get; set; } = 6;

    /// <summary>How long a call of the model that fails is tried again. 2 minutes unless set.</summary>
    public TimeSpan RetryLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the model may say nothing before a call counts as failed. 3 minutes unless set.</summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>What is wrong with the settings: each message names the setting, the value found and what to do.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Model))
            yield return "A2A:Gemini:Model (A2A__Gemini__Model) is not set: set a model's name, such as gemini-3.5-flash.";
        if (string.IsNullOrWhiteSpace(ProjectId))
            yield return $"A2A:Gemini:ProjectId (A2A__Gemini__ProjectId) is not set, nor is A2A:GoogleCloud:ProjectId, {string.Join(", ", GoogleCloudOptions.ProjectVariables)}: set one of them to the id of the project that is billed.";
        if (string.IsNullOrWhiteSpace(Location) || Location.AsSpan().ContainsAny('/', '.', ' '))
            yield return $"A2A:Gemini:Location (A2A__Gemini__Location) is '{Location}': set global, or a region such as europe-west4.";
        if (Endpoint?.Contains("://", StringComparison.Ordinal) == true && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
            yield return $"A2A:Gemini:Endpoint (A2A__Gemini__Endpoint) is '{Endpoint}': set a host, or an http or https address.";
        if (Temperature is < 0 or > 2)
            yield return $"A2A:Gemini:Temperature (A2A__Gemini__Temperature) is {Temperature}: set 0 to 2.";
        if (TopP is < 0 or > 1)
            yield return $"A2A:Gemini:TopP (A2A__Gemini__TopP) is {TopP}: set 0 to 1.";
        if (MaxOutputTokens < 1)
            yield return $"A2A:Gemini:MaxOutputTokens (A2A__Gemini__MaxOutputTokens) is {MaxOutputTokens}: set at least 1.";
        if (ThinkingBudget < -1)
            yield return $"A2A:Gemini:ThinkingBudget (A2A__Gemini__ThinkingBudget) is {ThinkingBudget}: set -1 or more.";
        if (FaultOfThinkingLevel() is { } fault)
            yield return fault;
        foreach (var (category, threshold) in Safety)
        {
            if (!Names<HarmCategory>().Contains(category, StringComparer.OrdinalIgnoreCase) || !Names<SafetySetting.Types.HarmBlockThreshold>().Contains(threshold, StringComparer.OrdinalIgnoreCase))
                yield return $"A2A:Gemini:Safety:{category} (A2A__Gemini__Safety__{category}) is '{threshold}': set a threshold ({string.Join(", ", Names<SafetySetting.Types.HarmBlockThreshold>())}) of a category ({string.Join(", ", Names<HarmCategory>())}).";
        }

        for (var i = 0; i < Buckets.Count; i++)
        {
            if (Buckets[i].Length == 0 || Buckets[i].AsSpan().ContainsAny('/', ':', ' ') || (Buckets[i].Contains('*', StringComparison.Ordinal) && Buckets[i] != Files.AnyBucket))
                yield return $"A2A:Gemini:Buckets:{i} (A2A__Gemini__Buckets__{i}) is '{Buckets[i]}': set a bucket's name without gs://, or {Files.AnyBucket} for any.";
        }

        if (ResponseSchema is not null && !IsJsonObject(ResponseSchema))
            yield return $"A2A:Gemini:ResponseSchema (A2A__Gemini__ResponseSchema) is '{ResponseSchema}': set a JSON Schema, as a JSON object.";
        foreach (var (name, value) in new[] { (nameof(ToolTimeLimit), ToolTimeLimit), (nameof(RetryLimit), RetryLimit), (nameof(SilenceLimit), SilenceLimit) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
                yield return $"A2A:Gemini:{name} (A2A__Gemini__{name}) is {value}: set a time above 0, up to a day.";
        }

        foreach (var (name, value) in new[] { (nameof(MaxToolResultLength), MaxToolResultLength), (nameof(MaxTurns), MaxTurns), (nameof(MaxTries), MaxTries) })
        {
            if (value < 1)
                yield return $"A2A:Gemini:{name} (A2A__Gemini__{name}) is {value}: set at least 1.";
        }

        if (MemoryTokens < 0)
            yield return $"A2A:Gemini:MemoryTokens (A2A__Gemini__MemoryTokens) is {MemoryTokens}: set 0 or more.";
        if (MemoryTasks is < 0 or > 100)
            yield return $"A2A:Gemini:MemoryTasks (A2A__Gemini__MemoryTasks) is {MemoryTasks}: set 0 to 100.";
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
            return $"A2A:Gemini:ThinkingLevel (A2A__Gemini__ThinkingLevel) is '{ThinkingLevel}': set minimal, low, medium or high.";
        return ThinkingBudget is null
            ? null
            : $"A2A:Gemini:ThinkingLevel (A2A__Gemini__ThinkingLevel) is '{ThinkingLevel}' and A2A:Gemini:ThinkingBudget " +
              $"(A2A__Gemini__ThinkingBudget) is {ThinkingBudget}: remove one of them, models take only one. Gemini 3 and later take the level.";
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
