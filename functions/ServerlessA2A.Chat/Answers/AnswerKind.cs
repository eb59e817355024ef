namespace ServerlessA2A.Chat.Answers;

/// <summary>The kind of an answer's content.</summary>
internal enum AnswerKind
{
    /// <summary>Text, and media that the client accepts.</summary>
    Text,

    /// <summary>One JSON value.</summary>
    Json,

    /// <summary>Only media.</summary>
    Media,
}
