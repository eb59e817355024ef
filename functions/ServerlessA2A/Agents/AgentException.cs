using System.Text.Json;

namespace ServerlessA2A.Agents;

/// <summary>Fails a task with a reason that the client may read.</summary>
/// <param name="message">The reason, for the client.</param>
/// <param name="cause">The cause, for the log.</param>
public sealed class AgentException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>
    /// Whether another run may succeed, for example because a service is down at the moment. Then the run request is redelivered later,
    /// and the task fails only when its attempts are used up.
    /// </summary>
    public bool IsTransient { get; init; }

    /// <summary>Added to the metadata of the failed task: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}
