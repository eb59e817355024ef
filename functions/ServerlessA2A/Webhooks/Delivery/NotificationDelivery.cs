using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>
/// Tells webhooks what has happened, in the order of the task's log. Notifications come at least once and in any order: each one makes its
/// worker deliver whatever the webhook was not told yet. One worker at a time holds a webhook, so that the receiver sees a repeat only where
/// one was lost before it could say what it had done.
/// </summary>
public sealed class NotificationDelivery
{
    /// <summary>Beyond the time for a call: a worker that is late loses its hold, and its next step finds that out.</summary>
    private static readonly TimeSpan HoldMargin = TimeSpan.FromSeconds(10);

    /// <summary>How long one request for a delivery is worked on; event functions are stopped after 540 s.</summary>
    private static readonly TimeSpan WorkLimit = TimeSpan.FromMinutes(6);

    private readonly INotificationStore _store;
    private readonly ITaskStore _tasks;
    private readonly INotificationQueue _queue;
    private readonly WebhookCaller _caller;
    private readonly TimeProvider _time;
    private readonly IdSource _newId;
    private readonly NotificationOptions _options;
    private readonly Func<double> _random;
    private readonly ILogger _logger;

    internal NotificationDelivery(
        INotificationStore store, ITaskStore tasks, INotificationQueue queue, WebhookCaller caller, TimeProvider time, IdSource newId,
        IOptions<NotificationOptions> options, Func<double> random, ILogger<NotificationDelivery> logger)
    {
        (_store, _tasks, _queue, _caller, _time, _newId) = (store, tasks, queue, caller, time, newId);
        (_options, _random, _logger) = (options.Value, random, logger);
    }

    /// <summary>Delivers what a webhook was not told yet. When it returns, the notification is done with.</summary>
    /// <exception cref="NotificationPendingException">It is not: the notification is to be delivered again later.</exception>
    /// <exception cref="TaskStoreException">The store or the queue failed; the same.</exception>
    public async Task DeliverAsync(Notification notification, CancellationToken cancellationToken)
    {
        var workUntil = _time.GetUtcMilliseconds() + WorkLimit;
        var isFirst = true;
        while (await _store.ReadDeliveryAsync(notification.TaskId, notification.ConfigId, cancellationToken) is { EndedBecause: null } delivery)
        {
            var now = _time.GetUtcMilliseconds();
            // What keeps trying is needed until all is told: the others were let go.
            var isNeeded = notification.Seq == 0 || delivery.Keeper == notification.Seq;
            // Not asked again after a round: what was appended meanwhile has met a webhook that was held.
            if (!isNeeded && (isFirst || delivery.IsHeld(now)) && delivery.Delivered >= notification.Seq)
                return;
            if (delivery.IsHeld(now))
                throw new NotificationPendingException($"Another instance delivers to webhook {notification.ConfigId} of task {notification.TaskId}.");
            if (delivery.RetryAt > now)
            {
                // One notification is enough to keep trying with: with it, all that has happened since is delivered.
                if (!isNeeded)
                    return;
                throw new NotificationPendingException($"Webhook {notification.ConfigId} of task {notification.TaskId} fails and is called again at {delivery.RetryAt}.");
            }

            var (isResting, keepUntil, agent, bodies) = await NextAsync(delivery, cancellationToken);
            if (bodies.Count == 0)
            {
                if (notification.Seq > 0 || isResting)
                    return;
                throw new NotificationPendingException($"Task {notification.TaskId} goes on; whoever works on it may not know of webhook {notification.ConfigId} yet.");
            }

            if (now > workUntil)
                throw new NotificationPendingException($"Webhook {notification.ConfigId} of task {notification.TaskId} has been told much, and there is more.");
            var held = await _store.UpdateDeliveryAsync(delivery, delivery with { Holder = _newId(), HeldUntil = now + Hold, KeepUntil = keepUntil }, cancellationToken);
            if (held is null)
                continue;
            if (!await DeliverAsync(held, agent, bodies, notification, workUntil, cancellationToken))
                return;
            isFirst = false;
        }
    }

    private TimeSpan Hold => _options.TimeLimit + HoldMargin;

    /// <summary>What the webhook is to be told next, by which agent, and whether the task rests.</summary>
    private async Task<(bool IsResting, DateTimeOffset? KeepUntil, string Agent, IReadOnlyList<NotificationBody> Bodies)> NextAsync(PushDelivery delivery, CancellationToken cancellationToken)
    {
        var config = delivery.Config;
        var events = await _store.ReadEventsAsync(config.TaskId, delivery.Delivered ?? long.MaxValue, cancellationToken);
        if (events is null)
            return (true, null, "", []);
        var agent = Caller.AgentOf(events.Owner);
        var responses = events.Entries.SelectMany(entry => entry.Events.Select((each, i) => (
                Seq: entry.First + i, Response: TaskStreams.ToResponse(events.TaskId, events.ContextId, entry.First + i, entry.At, each))))
            .Where(each => each.Seq > delivery.Delivered && each.Response is not null).ToList();
        if (delivery.Delivered is not null && (responses.Count == 0 || config.Version == ProtocolVersion.V1_0))
            return (events.IsResting, events.KeepUntil, agent, [.. responses.Select(each => NotificationBody.Of(each.Seq, each.Response!))]);
        return await _tasks.ReadAsync(owner: null, config.TaskId, cancellationToken) is { } task
            ? (task.State.IsResting(), events.KeepUntil, agent, [NotificationBody.Of(task.Seq, task.Task, config.Version)])
            : (true, null, agent, []);
    }

    /// <summary>Calls the webhook, once for each; false where it is called no more.</summary>
    private async Task<bool> DeliverAsync(
        PushDelivery held, string agent, IReadOnlyList<NotificationBody> bodies, Notification notification, DateTimeOffset workUntil, CancellationToken cancellationToken)
    {
        PushDelivery? current = held;
        try
        {
            for (var i = 0; i < bodies.Count; i++)
            {
                var answer = await _caller.CallAsync(held.Config, agent, bodies[i], cancellationToken);
                if (answer.Verdict != WebhookVerdict.Taken)
                {
                    var told = current!;
                    current = null;
                    return await FailAsync(told, bodies[i].Seq, answer, notification, cancellationToken);
                }

                // The last step gives the webhook up with what it has learnt.
                var isLast = i == bodies.Count - 1 || _time.GetUtcNow() > workUntil;
                current = await _store.UpdateDeliveryAsync(
                    current!,
                    current! with
                    {
                        Delivered = bodies[i].Seq,
                        HeldUntil = isLast ? null : _time.GetUtcMilliseconds() + Hold,
                        FailingSince = null,
                        RetryAt = null,
                        Failures = 0,
                        Keeper = i == bodies.Count - 1 ? null : current!.Keeper,
                    },
                    cancellationToken);
                NotificationLog.Delivered(_logger, notification.TaskId, notification.ConfigId, bodies[i].Seq);
                // Deleted, replaced, or taken over by somebody who took this worker for lost.
                if (current is null || isLast)
                    return true;
            }

            return true;
        }
        catch (Exception) when (current is { HeldUntil: not null })
        {
            await GiveUpHoldAsync(current);
            throw;
        }
    }

    private async Task<bool> FailAsync(
        PushDelivery told, long seq, WebhookOutcome answer, Notification notification, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcMilliseconds();
        var (taskId, configId, host) = (notification.TaskId, notification.ConfigId, new Uri(told.Config.Config.Url).Host);
        if (answer.Verdict == WebhookVerdict.Refused)
        {
            NotificationLog.Ended(_logger, taskId, configId, host, told.Delivered ?? 0, answer.Reason);
            await _store.UpdateDeliveryAsync(told, told with { HeldUntil = null, EndedBecause = answer.Reason }, cancellationToken);
            return false;
        }

        var since = told.FailingSince ?? now;
        if (now - since >= _options.RetryLimit)
        {
            var reason = $"It has failed for {_options.RetryLimit}. {answer.Reason}";
            NotificationLog.GivenUp(_logger, taskId, configId, host, told.Delivered ?? 0, reason);
            await _queue.BuryAsync(new DeadNotification(taskId, told.Delivered ?? 0, configId, reason), cancellationToken);
            await _store.UpdateDeliveryAsync(told, told with { HeldUntil = null, EndedBecause = reason }, cancellationToken);
            return false;
        }

        var retryAt = now + TimeSpan.FromMilliseconds(Math.Ceiling(Backoff.After(told.Failures + 1, answer.RetryAfter, _random).TotalMilliseconds));
        if (retryAt > since + _options.RetryLimit)
            retryAt = since + _options.RetryLimit;
        // What keeps trying is a notification of its own: the one at hand may be a duplicate of what was acknowledged, and come no more. It is
        // replaced by whoever comes before it: perhaps it was lost. One that stays until the task rests does not, it is there itself.
        var isLeftTo = notification.Seq == 0 ? told.Keeper is not null : told.Keeper == notification.Seq;
        if (!isLeftTo)
            await _queue.PublishAsync(new Notification(taskId, seq, configId), cancellationToken);
        var failing = told with
        {
            HeldUntil = null,
            FailingSince = since,
            RetryAt = retryAt,
            Failures = told.Failures + 1,
            Keeper = isLeftTo ? told.Keeper : seq,
        };
        NotificationLog.TriedAgain(_logger, taskId, configId, host, seq, answer.Reason, retryAt);
        if (await _store.UpdateDeliveryAsync(told, failing, cancellationToken) is null)
            return true;
        if (!isLeftTo && notification.Seq > 0)
            return false;
        throw new NotificationPendingException($"Webhook {configId} of task {taskId} has failed and is called again at {retryAt}.");
    }

    /// <summary>Nobody need wait for the hold to run out. If this fails too, they do.</summary>
    private async Task GiveUpHoldAsync(PushDelivery held)
    {
        try
        {
            await _store.UpdateDeliveryAsync(held, held with { HeldUntil = null }, CancellationToken.None);
        }
        catch (TaskStoreException)
        {
            // The fault that led here is the one to tell.
        }
    }
}
