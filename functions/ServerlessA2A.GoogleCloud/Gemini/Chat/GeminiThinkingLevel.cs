namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>How much a model thinks before it answers; the numbers are the API's.</summary>
public enum GeminiThinkingLevel
{
    /// <summary>Little: fast and cheap.</summary>
    Low = 1,

    /// <summary>More.</summary>
    Medium = 2,

    /// <summary>As much as the model can.</summary>
    High = 3,

    /// <summary>Close to none.</summary>
    Minimal = 4,
}
