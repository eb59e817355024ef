namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>How much a model thinks before it answers; the numbers are the API's.</summary>
public enum GeminiThinkingLevel
{
    /// <summary>Little: fast and cheap.</summary>
    Low = 1,

    /// <summary>More.</summary>
    Medium = 2,

    /// <summary>The most that the model can.</summary>
    High = 3,

    /// <summary>Almost none.</summary>
    Minimal = 4,
}
