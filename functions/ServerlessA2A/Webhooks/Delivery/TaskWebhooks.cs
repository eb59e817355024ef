using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>Accepts the webhooks that come with messages, and requests deliveries when something is appended that clients see.</summary>
internal sealed class TaskWebhooks(WebhookAcceptance acceptance, IWebhookStore store, DeliveryRequests requests, HostedAgents agents)
    : IWebhooks
{
    /// <inheritdoc/>
    public async ValueTask<Webhook?> AcceptAsync(
        CallContext call, string taskId, TaskPushNotificationConfig? config, CancellationToken cancellationToken)
    {
        if (config is null)
            return null;
        acceptance.RequireOffered(call);
        return await acceptance.AcceptAsync(call, taskId, config, "configuration.taskPushNotificationConfig.", cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask AppendedAsync(TaskSnapshot task, LogEntry entry)
    {
        // The tasks of an agent that was removed may have webhooks from before.
        if (agents.Find(Caller.AgentOf(task.Owner)) is { Cards.PushNotifications: false } || !entry.Events.Any(IsSeen))
            return;
        await requests.PublishAsync(task.Id, entry.Last, await WebhookIdsAsync(task, entry));
    }

    /// <summary>
    /// A run knows the webhooks there were when it took the task. With a terminal or interrupted state, and with a reply, those are read
    /// that were created since.
    /// </summary>
    private async ValueTask<IReadOnlyList<string>> WebhookIdsAsync(TaskSnapshot task, LogEntry entry)
    {
        if (!entry.Events.Any(each => each is Replied || (each is StatusChanged changed && changed.State.IsTerminalOrInterrupted())))
            return task.WebhookIds;
        try
        {
            return await store.ListWebhookIdsAsync(task.Id, CancellationToken.None) ?? task.WebhookIds;
        }
        catch (TaskStoreException)
        {
            // The sweep finds those that were created since: they are due until the task is terminal or interrupted.
            return task.WebhookIds;
        }
    }

    private static bool IsSeen(TaskEvent taskEvent) => taskEvent is not
        (CheckpointSaved or MessageAdded or RequestAdvanced or Woken or RunStarted { FromSubmitted: false });
}
