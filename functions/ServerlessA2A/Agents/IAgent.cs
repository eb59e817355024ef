namespace ServerlessA2A.Agents;

/// <summary>
/// An agent. Implement it in one class and register it in one line; the engine provides the task log, the protocol, streams, webhooks
/// and restarts.
/// </summary>
public interface IAgent
{
    /// <summary>
    /// Works on a task and yields updates. A run that ends without
    /// <see cref="CompleteUpdate"/>, <see cref="ReplyUpdate"/>, <see cref="FailUpdate"/>,
    /// <see cref="RejectUpdate"/>, <see cref="AskUpdate"/>, <see cref="RequireAuthorizationUpdate"/> or <see cref="SleepUpdate"/>
    /// completes the task.
    /// </summary>
    /// <remarks>
    /// Delivery is at least once: after a crash the task runs again from its last <see cref="SaveCheckpointUpdate"/>, if there is one, and
    /// changes of artifacts after it are taken back. The client may send more messages during the run. If the agent completes without
    /// reading one of them (<see cref="AgentContext.NewMessages"/>), it runs again with that message before the task ends. An exception
    /// fails the task. The client gets the text of an <see cref="AgentException"/>; other exceptions are only logged. After a transient
    /// <see cref="AgentException"/> another run is attempted first.
    /// </remarks>
    /// <param name="context">The task, the message to answer, and its sender.</param>
    /// <param name="cancellationToken">Cancelled when the client cancels the task or the run's time is over; end soon after.</param>
    IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Cleans up after a task that the client has canceled: it slept, waited for the client, or was worked on. In the last case its run,
    /// if that is still alive, sees the cancel too, perhaps at the same time. Called only if there is a checkpoint, and possibly more than
    /// once. The call is lost if the program ends right after the cancel was stored and the client does not repeat the cancel. Default:
    /// does nothing.
    /// </summary>
    /// <param name="context">The canceled task, with the last <see cref="AgentContext.Checkpoint"/>.</param>
    /// <param name="cancellationToken">Cancelled after 30 s.</param>
    Task CanceledAsync(AgentContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
