namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>What a model may answer with; the numbers are the API's.</summary>
public enum GeminiModality
{
    /// <summary>Text.</summary>
    Text = 1,

    /// <summary>Images: only models that draw.</summary>
    Image = 2,

    /// <summary>Speech: only models that speak.</summary>
    Audio = 3,
}
