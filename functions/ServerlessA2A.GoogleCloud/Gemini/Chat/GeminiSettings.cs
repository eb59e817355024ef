using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>A model and how it is called: what goes for every call of a <see cref="GeminiChatClient"/>, unless the options of a call say otherwise.</summary>
public sealed record GeminiSettings
{
    /// <summary>The project that is billed.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The location: <c>global</c>, or a region such as <c>europe-west4</c>.</summary>
    public required string Location { get; init; }

    /// <summary>A model's name, such as <c>gemini-3.5-flash</c>, or a resource name, such as that of an endpoint with a tuned model.</summary>
    public required string Model { get; init; }

    /// <summary>0 to 2; null for the model's own. Some models reject any other than their own.</summary>
    public float? Temperature { get; init; }

    /// <summary>0 to 1; null for the model's own.</summary>
    public float? TopP { get; init; }

    /// <summary>How many tokens an answer may have; null for the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Texts that end an answer.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>
    /// How much the model thinks; null for its own way. Models before Gemini 3 take <see cref="ThinkingBudget"/> instead; the API rejects both
    /// at once.
    /// </summary>
    public GeminiThinkingLevel? ThinkingLevel { get; init; }

    /// <summary>For models before Gemini 3: how many tokens the model may think, 0 for none, -1 for any number; null for its own way.</summary>
    public int? ThinkingBudget { get; init; }

    /// <summary>What the model may answer with; empty for its own way.</summary>
    public IReadOnlyList<GeminiModality> ResponseModalities { get; init; } = [];

    /// <summary>From what probability of harm on an answer is blocked; categories that are not named have Google's default.</summary>
    public IReadOnlyDictionary<V1.HarmCategory, V1.SafetySetting.Types.HarmBlockThreshold> Safety { get; init; } =
        new Dictionary<V1.HarmCategory, V1.SafetySetting.Types.HarmBlockThreshold>();

    /// <summary>How often a call is tried at most.</summary>
    public int MaxTries { get; init; } = 6;

    /// <summary>How long a call that fails is tried again.</summary>
    public TimeSpan RetryLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the model may say nothing, at the beginning or in the middle of an answer, before the call counts as failed.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The address of the API for the location.</summary>
    public string DefaultEndpoint => Location == "global" ? "aiplatform.googleapis.com" : $"{Location}-aiplatform.googleapis.com";

    /// <summary>The model's full resource name.</summary>
    public string ResourceName => ResourceOf(Model);

    /// <summary>The full resource name of another model at the same place.</summary>
    public string ResourceOf(string model) => model.Contains('/', StringComparison.Ordinal)
        ? model
        : V1.EndpointName.FormatProjectLocationPublisherModel(ProjectId, Location, "google", model);
}
