using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>Asks for a delivery to each of a task's webhooks when something is appended that clients see.</summary>
internal sealed class Notifier(INotificationStore store, INotificationQueue queue, HostedAgents agents, ILogger<Notifier> logger) : INotifier
{
    /// <inheritdoc/>
    public async ValueTask AppendedAsync(TaskSnapshot task, LogEntry entry)
    {
        // The tasks of an agent that was removed may have webhooks from before.
        if (agents.Find(Caller.AgentOf(task.Owner)) is { Cards.PushNotifications: false } || !entry.Events.Any(IsSeen))
            return;
        try
        {
            var configs = task.PushConfigIds;
            // A worker knows the webhooks there were when it took the task. Before all goes quiet those are looked for that came since.
            if (entry.Events.Any(each => each is Replied || (each is StatusChanged changed && changed.State.IsResting())))
                configs = await store.ListPushConfigIdsAsync(task.Id, CancellationToken.None) ?? configs;
            foreach (var config in configs)
                await queue.PublishAsync(new Notification(task.Id, entry.Last, config), CancellationToken.None);
        }
        catch (TaskStoreException fault)
        {
            NotificationLog.NotAnnounced(logger, fault, task.Id, entry.Last);
        }
    }

    private static bool IsSeen(TaskEvent taskEvent) => taskEvent is not
        (CheckpointSaved or MessageAdded or RequestAdvanced or RunStarted { FromSubmitted: false });
}
