using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tasks;

/// <summary>The logs of tasks, for writers: begins them and opens them.</summary>
internal sealed class TaskLogs(
    ITaskStore store, IWebhooks webhooks, TimeProvider time, IOptions<TaskOptions> options, ILogger<TaskLogs> logger)
{
    /// <summary>A task that begins with its client's message.</summary>
    /// <param name="caller">The owner.</param>
    /// <param name="received">The message, with the ids of the task and its context.</param>
    /// <param name="webhook">The webhook that came with the message; null for none.</param>
    /// <param name="contentHash">The hash with which the message claims the task; null where it makes no claim.</param>
    public NewTask Begin(Caller caller, MessageReceived received, Webhook? webhook, string? contentHash)
    {
        var first = new LogEntry(1, time.GetUtcMilliseconds(), [received]);
        var task = TaskFold.Begin(caller.Owner, options.Value.Retention, first);
        return new NewTask
        {
            First = first,
            Snapshot = task with { WebhookIds = webhook is null ? [] : [webhook.Id], TraceParent = EngineSpans.TraceParent },
            Webhook = webhook,
            ContentHash = contentHash,
        };
    }

    /// <summary>Stores a task, unless its message has a task already.</summary>
    /// <returns>The claim by which the message has a task already; null when the task is stored.</returns>
    public async ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken)
    {
        if (await store.CreateAsync(task, cancellationToken) is { } claim)
            return claim;
        TaskLogMessages.TaskCreated(logger, task.Snapshot.Id);
        EngineMetrics.TaskCreated();
        EngineSpans.AboutTask(task.Snapshot.Id, task.Snapshot.Task.ContextId);
        await webhooks.AppendedAsync(task.Snapshot, task.First);
        return null;
    }

    /// <summary>The claim that a caller's message has made; null for none.</summary>
    public ValueTask<Claim?> FindClaimAsync(Caller caller, string messageId, CancellationToken cancellationToken) =>
        store.FindClaimAsync(caller.Owner, messageId, cancellationToken);

    /// <summary>Opens the log of a caller's task.</summary>
    /// <exception cref="A2AException">TaskNotFound, also for a task of another owner or of another agent.</exception>
    public async ValueTask<TaskLog> OpenAsync(Caller caller, string taskId, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(caller.Owner, taskId, cancellationToken) is { } task)
        {
            EngineSpans.AboutTask(taskId, task.Task.ContextId);
            return Open(task);
        }

        SecurityLog.TaskNotTheirs(logger, caller.Owner, taskId);
        throw A2AException.TaskNotFound(taskId);
    }

    /// <summary>Opens the log of anybody's task, for a worker; null where there is no such task.</summary>
    public async ValueTask<TaskLog?> FindAsync(string taskId, CancellationToken cancellationToken) =>
        await store.ReadAsync(owner: null, taskId, cancellationToken) is { } task ? Open(task) : null;

    private TaskLog Open(TaskSnapshot task) => new(store, webhooks, time, task);
}
