namespace ServerlessA2A.Agents;

/// <summary>Fails a task with a reason that the client may read.</summary>
/// <param name="message">The reason, for the client.</param>
/// <param name="cause">What led to it, for the log.</param>
public sealed class AgentException(string message, Exception? cause = null) : Exception(message, cause);
