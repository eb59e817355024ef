using Google.Cloud.AIPlatform.V1;
using ServerlessA2A.Chat;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Settings;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>
/// Gemini and its parameters: the section <c>A2A:Gemini</c>. With a <see cref="Model"/>, the default agent is a conversation with it.
/// </summary>
public sealed class GeminiOptions : ChatAgentOptions
{
    /// <summary>Creates the options with their defaults.</summary>
    public GeminiOptions() => Section = "A2A:Gemini";

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

    /// <summary>Whether answers are grounded with Google Search. Some models reject it together with tools. Default: false.</summary>
    public bool GoogleSearch { get; set; }

    /// <summary>How many times a model call is attempted.</summary>
    internal int MaxTries { get; set; } = 6;

    /// <summary>How long a failing model call is retried.</summary>
    internal TimeSpan RetryLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the model may send nothing before a call counts as failed.</summary>
    internal TimeSpan SilenceLimit { get; set; } = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public override IEnumerable<string> Validate()
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
                (bucket.Contains('*', StringComparison.Ordinal) && bucket != BucketFiles.AnyBucket))
                yield return SettingFault.Of(
                    $"A2A:Gemini:Buckets:{i}", bucket, $"set a bucket's name without gs://, or {BucketFiles.AnyBucket} for any.");
        }

        foreach (var shared in base.Validate())
            yield return shared;

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
}
