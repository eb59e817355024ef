using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Support;

/// <summary>A store in front of another one, so that a test can stand between: fail, wait, or do something first.</summary>
public class DelegatingTaskStore(ITaskStore inner) : ITaskStore, IWebhookStore
{
    public virtual ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken) =>
        inner.CreateAsync(task, cancellationToken);

    public ValueTask<Claim?> FindClaimAsync(string owner, string messageId, CancellationToken cancellationToken) =>
        inner.FindClaimAsync(owner, messageId, cancellationToken);

    public virtual ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken) =>
        inner.ReadAsync(owner, taskId, cancellationToken);

    public virtual ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken) =>
        inner.AppendAsync(entry, cancellationToken);

    public virtual ValueTask<bool> RenewLeaseAsync(
        string taskId, string runId, DateTimeOffset until, CancellationToken cancellationToken) =>
        inner.RenewLeaseAsync(taskId, runId, until, cancellationToken);

    public virtual Task<TaskSnapshot?> WaitForRunChangeAsync(
        string taskId, string runId, int knownMessages, CancellationToken cancellationToken) =>
        inner.WaitForRunChangeAsync(taskId, runId, knownMessages, cancellationToken);

    public virtual Task<TaskSnapshot?> WaitUntilTerminalOrInterruptedAsync(string taskId, CancellationToken cancellationToken) =>
        inner.WaitUntilTerminalOrInterruptedAsync(taskId, cancellationToken);

    public virtual ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        inner.ListUnattendedAsync(before, count, cancellationToken);

    public virtual ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken) =>
        inner.PostponeAsync(task, until, cancellationToken);

    public virtual IAsyncEnumerable<LogEntry> WatchAsync(string taskId, long after, CancellationToken cancellationToken) =>
        inner.WatchAsync(taskId, after, cancellationToken);

    public ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public virtual ValueTask<int> CountUnfinishedAsync(string? owner, int limit, CancellationToken cancellationToken) =>
        inner.CountUnfinishedAsync(owner, limit, cancellationToken);

    public ValueTask<bool> PutWebhookAsync(
        string owner, Webhook webhook, Action<IReadOnlyList<string>>? check, CancellationToken cancellationToken) =>
        Webhooks.PutWebhookAsync(owner, webhook, check, cancellationToken);

    public ValueTask<IReadOnlyList<Webhook>?> ListWebhooksAsync(string owner, string taskId, CancellationToken cancellationToken) =>
        Webhooks.ListWebhooksAsync(owner, taskId, cancellationToken);

    public ValueTask<bool> DeleteWebhookAsync(string owner, string taskId, string webhookId, CancellationToken cancellationToken) =>
        Webhooks.DeleteWebhookAsync(owner, taskId, webhookId, cancellationToken);

    public virtual ValueTask<IReadOnlyList<string>?> ListWebhookIdsAsync(string taskId, CancellationToken cancellationToken) =>
        Webhooks.ListWebhookIdsAsync(taskId, cancellationToken);

    public virtual ValueTask<DeliveryState?> ReadDeliveryAsync(string taskId, string webhookId, CancellationToken cancellationToken) =>
        Webhooks.ReadDeliveryAsync(taskId, webhookId, cancellationToken);

    public virtual ValueTask<DeliveryState?> UpdateDeliveryAsync(
        DeliveryState read, DeliveryState changed, CancellationToken cancellationToken) =>
        Webhooks.UpdateDeliveryAsync(read, changed, cancellationToken);

    public virtual ValueTask<TaskEvents?> ReadEventsAsync(string taskId, long after, CancellationToken cancellationToken) =>
        Webhooks.ReadEventsAsync(taskId, after, cancellationToken);

    public virtual ValueTask<IReadOnlyList<DeliveryRequest>> ListDueAsync(
        DateTimeOffset now, int count, CancellationToken cancellationToken) =>
        Webhooks.ListDueAsync(now, count, cancellationToken);

    public virtual ValueTask<IReadOnlyList<UndeliveredTask>> ListUndeliveredAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        Webhooks.ListUndeliveredAsync(before, count, cancellationToken);

    public ValueTask<bool> PostponeDeliveriesAsync(UndeliveredTask task, DateTimeOffset? until, CancellationToken cancellationToken) =>
        Webhooks.PostponeDeliveriesAsync(task, until, cancellationToken);

    private IWebhookStore Webhooks => (IWebhookStore)inner;
}
