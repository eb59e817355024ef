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
public sealed class WebhookDelivery
{
    /// <summary>Beyond the time for a call: a worker that is late loses its hold, and its next step finds that out.</summary>
    private static readonly TimeSpan HoldMargin = TimeSpan.FromSeconds(10);

    /// <summary>How long one request for a delivery is worked on; event functions are stopped after 540 s.</summary>
    private static readonly TimeSpan WorkLimit = TimeSpan.FromMinutes(6);

    private readonly IWebhookStore _store;
    private readonly ITaskStore _tasks;
    private readonly IDeliveryQueue _queue;
    private readonly WebhookCaller _caller;
    private readonly TimeProvider _time;
    private readonly IdSource _newId;
    private readonly WebhookOptions _options;
    private readonly Func<double> _random;
    private readonly ILogger _logger;

    internal WebhookDelivery(
        IWebhookStore store, ITaskStore tasks, IDeliveryQueue queue, WebhookCaller caller, TimeProvider time, IdSource newId,
        IOptions<WebhookOptions> options, Func<double> random, ILogger<WebhookDelivery> logger)
    {
        (_store, _tasks, _queue, _caller, _time, _newId) = (store, tasks, queue, caller, time, newId);
        (_options, _random, _logger) = (options.Value, random, logger);
    }

    /// <summary>Delivers what a webhook was not told yet. When it returns, the notification is done with.</summary>
    /// <exception cref="DeliveryPendingException">It is not: the notification is to be delivered again later.</exception>
    /// <exception cref="TaskStoreException">The store or the queue failed; the same.</exception>
    public async Task DeliverAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        var workUntil = _time.GetUtcMilliseconds() + WorkLimit;
        var isFirst = true;
        while (await _store.ReadDeliveryAsync(request.TaskId, request.WebhookId, cancellationToken) is { EndedBecause: null } delivery)
        {
            var now = _time.GetUtcMilliseconds();
            // What keeps trying is needed until all is told: the others were let go.
            var isNeeded = request.Seq == 0 || delivery.Keeper == request.Seq;
            // Not asked again after a round: what was appended meanwhile has met a webhook that was held.
            if (!isNeeded && (isFirst || delivery.IsHeld(now)) && delivery.Delivered >= request.Seq)
                return;
            if (delivery.IsHeld(now))
                throw new DeliveryPendingException($"Another instance delivers to webhook {request.WebhookId} of task {request.TaskId}.");
            if (delivery.RetryAt > now)
            {
                // One notification is enough to keep trying with: with it, all that has happened since is delivered.
                if (!isNeeded)
                    return;
                throw new DeliveryPendingException($"Webhook {request.WebhookId} of task {request.TaskId} fails and is called again at {delivery.RetryAt}.");
            }

            var (isResting, keepUntil, agent, bodies) = await NextAsync(delivery, cancellationToken);
            if (bodies.Count == 0)
            {
                if (request.Seq > 0 || isResting)
                    return;
                throw new DeliveryPendingException($"Task {request.TaskId} goes on; whoever works on it may not know of webhook {request.WebhookId} yet.");
            }

            if (now > workUntil)
                throw new DeliveryPendingException($"Webhook {request.WebhookId} of task {request.TaskId} has been told much, and there is more.");
            var held = await _store.UpdateDeliveryAsync(delivery, delivery with { Holder = _newId(), HeldUntil = now + Hold, KeepUntil = keepUntil }, cancellationToken);
            if (held is null)
                continue;
            if (!await DeliverAsync(held, agent, bodies, request, workUntil, cancellationToken))
                return;
            isFirst = false;
        }
    }

    private TimeSpan Hold => _options.TimeLimit + HoldMargin;

    /// <summary>What the webhook is to be told next, by which agent, and whether the task rests.</summary>
    private async Task<(bool IsResting, DateTimeOffset? KeepUntil, string Agent, IReadOnlyList<WebhookBody> Bodies)> NextAsync(DeliveryState delivery, CancellationToken cancellationToken)
    {
        var webhook = delivery.Webhook;
        var events = await _store.ReadEventsAsync(webhook.TaskId, delivery.Delivered ?? long.MaxValue, cancellationToken);
        if (events is null)
            return (true, null, "", []);
        var agent = Caller.AgentOf(events.Owner);
        var responses = events.Entries.SelectMany(entry => entry.Events.Select((each, i) => (
                Seq: entry.First + i, Response: TaskStreams.ToResponse(events.TaskId, events.ContextId, entry.First + i, entry.At, each))))
            .Where(each => each.Seq > delivery.Delivered && each.Response is not null).ToList();
        if (delivery.Delivered is not null && (responses.Count == 0 || webhook.Version == ProtocolVersion.V1_0))
            return (events.IsResting, events.KeepUntil, agent, [.. responses.Select(each => WebhookBody.Of(each.Seq, each.Response!))]);
        return await _tasks.ReadAsync(owner: null, webhook.TaskId, cancellationToken) is { } task
            ? (task.State.IsResting(), events.KeepUntil, agent, [WebhookBody.Of(task.Seq, task.Task, webhook.Version)])
            : (true, null, agent, []);
    }

    /// <summary>Calls the webhook, once for each; false where it is called no more.</summary>
    private async Task<bool> DeliverAsync(
        DeliveryState held, string agent, IReadOnlyList<WebhookBody> bodies, DeliveryRequest request, DateTimeOffset workUntil, CancellationToken cancellationToken)
    {
        DeliveryState? current = held;
        try
        {
            for (var i = 0; i < bodies.Count; i++)
            {
                var answer = await _caller.CallAsync(held.Webhook, agent, bodies[i], cancellationToken);
                if (answer.Verdict != WebhookVerdict.Taken)
                {
                    var told = current!;
                    current = null;
                    return await FailAsync(told, bodies[i].Seq, answer, request, cancellationToken);
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
                WebhookLog.Delivered(_logger, request.TaskId, request.WebhookId, bodies[i].Seq);
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
        DeliveryState told, long seq, WebhookOutcome answer, DeliveryRequest request, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcMilliseconds();
        var (taskId, webhookId, host) = (request.TaskId, request.WebhookId, new Uri(told.Webhook.Config.Url).Host);
        if (answer.Verdict == WebhookVerdict.Refused)
        {
            WebhookLog.Ended(_logger, taskId, webhookId, host, told.Delivered ?? 0, answer.Reason);
            await _store.UpdateDeliveryAsync(told, told with { HeldUntil = null, EndedBecause = answer.Reason }, cancellationToken);
            return false;
        }

        var since = told.FailingSince ?? now;
        if (now - since >= _options.RetryLimit)
        {
            var reason = $"It has failed for {_options.RetryLimit}. {answer.Reason}";
            WebhookLog.GivenUp(_logger, taskId, webhookId, host, told.Delivered ?? 0, reason);
            await _queue.BuryAsync(new DeadDelivery(taskId, told.Delivered ?? 0, webhookId, reason), cancellationToken);
            await _store.UpdateDeliveryAsync(told, told with { HeldUntil = null, EndedBecause = reason }, cancellationToken);
            return false;
        }

        var retryAt = now + TimeSpan.FromMilliseconds(Math.Ceiling(Backoff.After(told.Failures + 1, answer.RetryAfter, _random).TotalMilliseconds));
        if (retryAt > since + _options.RetryLimit)
            retryAt = since + _options.RetryLimit;
        // What keeps trying is a notification of its own: the one at hand may be a duplicate of what was acknowledged, and come no more. It is
        // replaced by whoever comes before it: perhaps it was lost. One that stays until the task rests does not, it is there itself.
        var isLeftTo = request.Seq == 0 ? told.Keeper is not null : told.Keeper == request.Seq;
        if (!isLeftTo)
            await _queue.PublishAsync(new DeliveryRequest(taskId, seq, webhookId), cancellationToken);
        var failing = told with
        {
            HeldUntil = null,
            FailingSince = since,
            RetryAt = retryAt,
            Failures = told.Failures + 1,
            Keeper = isLeftTo ? told.Keeper : seq,
        };
        WebhookLog.TriedAgain(_logger, taskId, webhookId, host, seq, answer.Reason, retryAt);
        if (await _store.UpdateDeliveryAsync(told, failing, cancellationToken) is null)
            return true;
        if (!isLeftTo && request.Seq > 0)
            return false;
        throw new DeliveryPendingException($"Webhook {webhookId} of task {taskId} has failed and is called again at {retryAt}.");
    }

    /// <summary>Nobody need wait for the hold to run out. If this fails too, they do.</summary>
    private async Task GiveUpHoldAsync(DeliveryState held)
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
