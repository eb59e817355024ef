namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>What an answer is made of.</summary>
internal enum AnswerKind
{
    /// <summary>Text, and media as far as the client takes them.</summary>
    Text,

    /// <summary>One JSON value.</summary>
    Json,

    /// <summary>Media and nothing else.</summary>
    Media,
}
