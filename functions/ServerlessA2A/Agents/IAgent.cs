namespace ServerlessA2A.Agents;

/// <summary>
/// What answers messages. Bring your own: one class, and one line to register it. The task log, the protocol, streams, webhooks and
/// restarts are taken care of.
/// </summary>
public interface IAgent
{
    /// <summary>
    /// Works on a task and says what comes of it, update by update. A run that ends without
    /// <see cref="CompleteUpdate"/>, <see cref="ReplyUpdate"/>, <see cref="FailUpdate"/>,
    /// <see cref="RejectUpdate"/>, <see cref="AskUpdate"/> or <see cref="RequireAuthorizationUpdate"/> has completed
    /// the task.
    /// </summary>
    /// <remarks>
    /// Delivery is at least once: after a crash the same task is run again, from its last <see cref="SaveCheckpointUpdate"/> if there
    /// is one; what it said of artifacts after that is taken back. The client may send more messages meanwhile: an agent that does not read
    /// <see cref="AgentContext.NewMessages"/> is run again for each of them when it has completed, before the task ends. An exception
    /// fails the task: the text of an
    /// <see cref="AgentException"/> reaches the client, that of others only the log; a transient one lets another run try first.
    /// </remarks>
    /// <param name="context">The task, the message to answer, and who sent it.</param>
    /// <param name="cancellationToken">Cancelled when the client cancels the task, or the run's time is over: end soon.</param>
    IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, CancellationToken cancellationToken);
}
