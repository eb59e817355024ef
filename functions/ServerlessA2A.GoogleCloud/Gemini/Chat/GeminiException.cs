using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>A call to Gemini failed after its retries.</summary>
/// <param name="message">The failure and the remedy.</param>
/// <param name="statusCode">The service's status, or the one that its silence means.</param>
/// <param name="isTransient">Whether the same call may succeed later.</param>
/// <param name="cause">The cause.</param>
public sealed class GeminiException(string message, StatusCode statusCode, bool isTransient, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>The service's status, or the one that its silence means.</summary>
    public StatusCode StatusCode { get; } = statusCode;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;
}
