namespace ServerlessA2A.Tasks;

/// <summary>The store or the queue could not do what was asked. Clients are told that they may try again where that is so.</summary>
/// <param name="message">What went wrong, for the operator's log.</param>
/// <param name="isTransient">True where a later try may succeed.</param>
/// <param name="cause">What the service said.</param>
public sealed class TaskStoreException(string message, bool isTransient, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>True where a later try may succeed.</summary>
    public bool IsTransient { get; } = isTransient;
}
