using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>The webhooks of tasks: the port through which operations and runs use <c>Webhooks</c>, which depends on tasks.</summary>
internal interface IWebhooks
{
    /// <summary>
    /// Checks the webhook that a message brings, and returns it as it is stored: with its ids, its secrets encrypted; null for none.
    /// </summary>
    /// <exception cref="A2AException">
    /// PushNotificationNotSupported where the agent offers no webhooks; InvalidParams for a bad one.
    /// </exception>
    ValueTask<Webhook?> AcceptAsync(
        CallContext call, string taskId, TaskPushNotificationConfig? config, CancellationToken cancellationToken);

    /// <summary>
    /// Requests the delivery of appended events. Never fails: a fault of the queue is logged, and the next sweep requests it.
    /// </summary>
    /// <param name="task">The task, after the entry or at its last change of status.</param>
    /// <param name="entry">The entry that was appended.</param>
    ValueTask AppendedAsync(TaskSnapshot task, LogEntry entry);
}
