namespace ServerlessA2A.Tasks;

/// <summary>The store or the queue failed. For a transient fault, the response asks the client to retry.</summary>
/// <param name="message">What went wrong, for the operator's log.</param>
/// <param name="isTransient">True when a retry may succeed.</param>
/// <param name="cause">The fault that the service reported.</param>
public sealed class TaskStoreException(string message, bool isTransient, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>True when a retry may succeed.</summary>
    public bool IsTransient { get; } = isTransient;
}
