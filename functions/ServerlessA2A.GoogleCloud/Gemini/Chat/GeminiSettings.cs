using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>A model and the defaults of every call of a <see cref="GeminiChatClient"/>, which the options of a call override.</summary>
public sealed record GeminiSettings
{
    /// <summary>The project that is billed.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The location: <c>global</c>, or a region such as <c>europe-west4</c>.</summary>
    public required string Location { get; init; }

    /// <summary>A model's name, such as <c>gemini-3.5-flash</c>, or a resource name, such as the endpoint of a tuned model.</summary>
    public required string Model { get; init; }

    /// <summary>0 to 2. Default: the model's own, which some models require.</summary>
    public float? Temperature { get; init; }

    /// <summary>0 to 1. Default: the model's own.</summary>
    public float? TopP { get; init; }

    /// <summary>The maximum number of tokens in an answer. Default: the model's limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Texts that end an answer.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>
    /// How much the model thinks. Default: the model's own setting. Models before Gemini 3 use <see cref="ThinkingBudget"/> instead; the
    /// API rejects both together.
    /// </summary>
    public GeminiThinkingLevel? ThinkingLevel { get; init; }

    /// <summary>The thinking tokens of models before Gemini 3: 0 for none, -1 for any number. Default: the model's own setting.</summary>
    public int? ThinkingBudget { get; init; }

    /// <summary>The kinds of output. Default: the model's own.</summary>
    public IReadOnlyList<GeminiModality> ResponseModalities { get; init; } = [];

    /// <summary>The probability of harm from which an answer is blocked, by category. Default: Google's.</summary>
    public IReadOnlyDictionary<V1.HarmCategory, V1.SafetySetting.Types.HarmBlockThreshold> Safety { get; init; } =
        new Dictionary<V1.HarmCategory, V1.SafetySetting.Types.HarmBlockThreshold>();

    /// <summary>The maximum number of attempts of a call.</summary>
    public int MaxTries { get; init; } = 6;

    /// <summary>How long a failed call is retried.</summary>
    public TimeSpan RetryLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest silence of the model, before or during an answer, after which a call counts as failed.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The address of the API for the location.</summary>
    public string DefaultEndpoint => Location == "global" ? "aiplatform.googleapis.com" : $"{Location}-aiplatform.googleapis.com";

    /// <summary>The model's full resource name.</summary>
    public string ResourceName => ResourceOf(Model);

    /// <summary>The full resource name of another model in the same location.</summary>
    public string ResourceOf(string model) => model.Contains('/', StringComparison.Ordinal)
        ? model
        : V1.EndpointName.FormatProjectLocationPublisherModel(ProjectId, Location, "google", model);
}
