namespace ServerlessA2A.Chat.Models;

/// <summary>A model could not be called, or its answer broke off.</summary>
/// <param name="message">The failure, for the client.</param>
/// <param name="isTransient">Whether another run may succeed.</param>
/// <param name="cause">The cause, for the log.</param>
internal sealed class ModelException(string message, bool isTransient, Exception cause) : Exception(message, cause)
{
    /// <summary>Whether another run may succeed.</summary>
    public bool IsTransient { get; } = isTransient;
}
