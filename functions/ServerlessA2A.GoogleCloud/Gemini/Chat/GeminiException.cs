using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>A call to Gemini failed in the end.</summary>
/// <param name="message">Why, and what can be done about it.</param>
/// <param name="statusCode">What the service has said, or what its silence means.</param>
/// <param name="isTransient">Whether the same call may succeed later.</param>
/// <param name="cause">What led to it.</param>
public sealed class GeminiException(string message, StatusCode statusCode, bool isTransient, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What the service has said, or what its silence means.</summary>
    public StatusCode StatusCode { get; } = statusCode;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;
}
