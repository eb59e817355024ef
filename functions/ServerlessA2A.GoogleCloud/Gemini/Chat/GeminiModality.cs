namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>A kind of output of a model; the numbers are the API's.</summary>
public enum GeminiModality
{
    /// <summary>Text.</summary>
    Text = 1,

    /// <summary>Images; only image models.</summary>
    Image = 2,

    /// <summary>Speech; only speech models.</summary>
    Audio = 3,
}
