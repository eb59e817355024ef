using System.Text.Json;

namespace ServerlessA2A.Agents;

/// <summary>Fails a task with a reason that the client may read.</summary>
/// <param name="message">The reason, for the client.</param>
/// <param name="cause">What led to it, for the log.</param>
public sealed class AgentException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>
    /// Whether another run may succeed where this one can't go on, because a service is down, say. Then the request for the run is
    /// delivered again after a while, and the task fails only when its runs are used up.
    /// </summary>
    public bool IsTransient { get; init; }

    /// <summary>Joins the task's metadata where this fails it: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}
