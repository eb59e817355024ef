using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>Asks for a delivery to each of a task's webhooks when something is appended that clients see.</summary>
internal sealed class Notifier(IWebhookStore store, IDeliveryQueue queue, HostedAgents agents, ILogger<Notifier> logger) : INotifier
{
    /// <inheritdoc/>
    public async ValueTask AppendedAsync(TaskSnapshot task, LogEntry entry)
    {
        // The tasks of an agent that was removed may have webhooks from before.
        if (agents.Find(Caller.AgentOf(task.Owner)) is { Cards.PushNotifications: false } || !entry.Events.Any(IsSeen))
            return;
        try
        {
            var webhookIds = task.WebhookIds;
            // A worker knows the webhooks there were when it took the task. Before all goes quiet those are looked for that came since.
            if (entry.Events.Any(each => each is Replied || (each is StatusChanged changed && changed.State.IsResting())))
                webhookIds = await store.ListWebhookIdsAsync(task.Id, CancellationToken.None) ?? webhookIds;
            foreach (var webhookId in webhookIds)
                await queue.PublishAsync(new DeliveryRequest(task.Id, entry.Last, webhookId), CancellationToken.None);
        }
        catch (TaskStoreException fault)
        {
            WebhookLog.NotAnnounced(logger, fault, task.Id, entry.Last);
        }
    }

    private static bool IsSeen(TaskEvent taskEvent) => taskEvent is not
        (CheckpointSaved or MessageAdded or RequestAdvanced or RunStarted { FromSubmitted: false });
}
