using Microsoft.Extensions.Logging;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>Continues a task with a further message of its client.</summary>
internal sealed class TaskContinuation(
    TaskLogs logs,
    RunRequests runs,
    IWebhooks webhooks,
    TaskLimits limits,
    DuplicateDetection duplicates,
    ILogger<TaskContinuation> logger)
{
    /// <summary>
    /// Appends the message to the task that it names and requests a run where none is going on. A repeated message changes nothing.
    /// </summary>
    /// <exception cref="A2AException">UnsupportedOperation: the task is in a terminal state.</exception>
    public async Task<TaskSnapshot> ContinueAsync(CallContext call, SendMessageRequest request, CancellationToken cancellationToken)
    {
        var message = request.Message;
        while (true)
        {
            var log = await logs.OpenAsync(call.Caller, message.TaskId!, cancellationToken);
            var task = log.Snapshot;
            if (!string.IsNullOrEmpty(message.ContextId) && message.ContextId != task.Task.ContextId)
                throw A2AException.InvalidParams("message.contextId", "is not the context of the task that message.taskId names");
            if (!duplicates.IsRepeat(task, message))
            {
                if (!await AppendAsync(call, request, log, cancellationToken))
                    continue;
                TaskLogMessages.TaskContinued(logger, task.Id);
            }

            // A run that holds the task sees the message by itself.
            await runs.EnsureAsync(log.Snapshot, call);
            return log.Snapshot;
        }
    }

    /// <summary>Appends the message; false when another writer came first.</summary>
    private async ValueTask<bool> AppendAsync(
        CallContext call, SendMessageRequest request, TaskLog log, CancellationToken cancellationToken)
    {
        var task = log.Snapshot;
        if (task.State.IsTerminal())
        {
            throw A2AException.UnsupportedOperation(
                $"The task has ended ({TaskStateNames.ToName(task.State)}) and takes no more messages; " +
                "send without taskId, with its contextId, to go on in the same conversation.");
        }

        limits.CheckHistory(task, request);
        var config = request.Configuration?.TaskPushNotificationConfig;
        if (config is not null)
            limits.CheckWebhooks(task.WebhookIds, config.Id ?? "");
        var webhook = await webhooks.AcceptAsync(call, task.Id, config, cancellationToken);
        var received = ReceivedMessages.Of(call, request, task);
        return await log.AppendAsync([received], cancellationToken, webhook) == AppendOutcome.Appended;
    }
}
