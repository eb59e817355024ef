using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tests.Support;

/// <summary>A store in front of another one, so that a test can stand between: fail, wait, or do something first.</summary>
public class DelegatingTaskStore(ITaskStore inner) : ITaskStore, INotificationStore
{
    public virtual ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken) => inner.CreateAsync(task, cancellationToken);

    public ValueTask<Claim?> FindClaimAsync(string owner, string messageId, CancellationToken cancellationToken) =>
        inner.FindClaimAsync(owner, messageId, cancellationToken);

    public virtual ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken) =>
        inner.ReadAsync(owner, taskId, cancellationToken);

    public virtual ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken) =>
        inner.AppendAsync(entry, cancellationToken);

    public virtual ValueTask<bool> RenewLeaseAsync(string taskId, string runId, DateTimeOffset until, CancellationToken cancellationToken) =>
        inner.RenewLeaseAsync(taskId, runId, until, cancellationToken);

    public virtual Task<TaskSnapshot?> WaitForRunChangeAsync(string taskId, string runId, int knownMessages, CancellationToken cancellationToken) =>
        inner.WaitForRunChangeAsync(taskId, runId, knownMessages, cancellationToken);

    public virtual Task<TaskSnapshot?> WaitForRestAsync(string taskId, CancellationToken cancellationToken) =>
        inner.WaitForRestAsync(taskId, cancellationToken);

    public virtual ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        inner.ListUnattendedAsync(before, count, cancellationToken);

    public virtual ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken) =>
        inner.PostponeAsync(task, until, cancellationToken);

    public virtual IAsyncEnumerable<LogEntry> WatchAsync(string taskId, long after, CancellationToken cancellationToken) =>
        inner.WatchAsync(taskId, after, cancellationToken);

    public ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public virtual ValueTask<int> CountUnfinishedAsync(string? owner, int limit, CancellationToken cancellationToken) =>
        inner.CountUnfinishedAsync(owner, limit, cancellationToken);

    public ValueTask<bool> PutPushConfigAsync(string owner, PushConfig config, Action<IReadOnlyList<string>>? check, CancellationToken cancellationToken) =>
        inner.PutPushConfigAsync(owner, config, check, cancellationToken);

    public ValueTask<IReadOnlyList<PushConfig>?> ListPushConfigsAsync(string owner, string taskId, CancellationToken cancellationToken) =>
        inner.ListPushConfigsAsync(owner, taskId, cancellationToken);

    public ValueTask<bool> DeletePushConfigAsync(string owner, string taskId, string configId, CancellationToken cancellationToken) =>
        inner.DeletePushConfigAsync(owner, taskId, configId, cancellationToken);

    public virtual ValueTask<IReadOnlyList<string>?> ListPushConfigIdsAsync(string taskId, CancellationToken cancellationToken) =>
        Notifications.ListPushConfigIdsAsync(taskId, cancellationToken);

    public virtual ValueTask<PushDelivery?> ReadDeliveryAsync(string taskId, string configId, CancellationToken cancellationToken) =>
        Notifications.ReadDeliveryAsync(taskId, configId, cancellationToken);

    public virtual ValueTask<PushDelivery?> UpdateDeliveryAsync(PushDelivery read, PushDelivery changed, CancellationToken cancellationToken) =>
        Notifications.UpdateDeliveryAsync(read, changed, cancellationToken);

    public virtual ValueTask<TaskEvents?> ReadEventsAsync(string taskId, long after, CancellationToken cancellationToken) =>
        Notifications.ReadEventsAsync(taskId, after, cancellationToken);

    public virtual ValueTask<IReadOnlyList<UnnotifiedTask>> ListUnnotifiedAsync(DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        Notifications.ListUnnotifiedAsync(before, count, cancellationToken);

    public ValueTask<bool> PostponeNotificationsAsync(UnnotifiedTask task, DateTimeOffset? until, CancellationToken cancellationToken) =>
        Notifications.PostponeNotificationsAsync(task, until, cancellationToken);

    private INotificationStore Notifications => (INotificationStore)inner;
}
