using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>Requests runs of tasks from the queue.</summary>
internal sealed class RunRequests(ITaskQueue queue, AccessTokens tokens, TimeProvider time)
{
    /// <summary>
    /// Requests a run where the task needs one, with the caller's access token. It is not cancelled when the client disconnects, because
    /// nobody else would request the run before the sweep.
    /// </summary>
    public ValueTask EnsureAsync(TaskSnapshot task, CallContext call) => task.NeedsRun(time.GetUtcNow())
        ? queue.PublishRunAsync(tokens.Attach(new RunRequest(task.Id), call.AccessToken), CancellationToken.None)
        : ValueTask.CompletedTask;

    /// <summary>
    /// Requests that the agent cleans up after a cancel, as <see cref="Agents.IAgent.CanceledAsync"/> says. Also while a run holds the
    /// task: its worker may have crashed, and a call that it has just begun may outlive it.
    /// </summary>
    /// <param name="task">The task, before or after it was canceled.</param>
    public ValueTask CleanUpAsync(TaskSnapshot task) => task.Checkpoint is not null
        ? queue.PublishRunAsync(new RunRequest(task.Id), CancellationToken.None)
        : ValueTask.CompletedTask;

    /// <summary>Requests another run like the one that a request has led to.</summary>
    public ValueTask ContinueAsync(RunRequest request, CancellationToken cancellationToken) =>
        queue.PublishRunAsync(request, cancellationToken);

    /// <summary>The access token that a request brings; null for none, and for one that cannot be decrypted.</summary>
    public string? TokenOf(RunRequest request) => tokens.Detach(request);
}
