using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>
/// Delivers events to webhooks in the order of the task log. Requests arrive at least once and in any order; each one delivers everything
/// that the webhook has not accepted yet. One worker at a time holds a webhook, so that a receiver sees a repeat only where a worker is
/// lost between the receiver's response and the record of it.
/// </summary>
/// <remarks>
/// A failed attempt is retried here while the wait is short. Then the webhook is left due in the store, and the sweep requests its
/// delivery: no request stays in the queue to wait.
/// </remarks>
public sealed class WebhookDelivery
{
    /// <summary>Added to the time limit of one attempt: a worker that is late loses its hold, and its next step finds that out.</summary>
    private static readonly TimeSpan HoldMargin = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The longest wait before a retry that is made here rather than by the sweep. Retries are not counted: the backoff allows four
    /// or five.
    /// </summary>
    private static readonly TimeSpan InlineWait = TimeSpan.FromSeconds(10);

    /// <summary>How much of an error an attempt keeps.</summary>
    private const int MaxErrorLength = 200;

    /// <summary>How long one request is worked on; event functions are stopped after 540 s.</summary>
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

    /// <summary>
    /// Delivers what a webhook has not accepted yet. When it returns, the request is done: whatever is left is due in the store.
    /// </summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; the request is to be delivered again.</exception>
    public async Task DeliverAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        var workUntil = _time.GetUtcMilliseconds() + WorkLimit;
        for (var isFirst = true; ; isFirst = false)
        {
            if (await _store.ReadDeliveryAsync(request.TaskId, request.WebhookId, cancellationToken) is not { EndedBecause: null } state)
                return;
            var now = _time.GetUtcMilliseconds();
            // Whoever holds the webhook looks at the log once more after letting go, and a failing one is due in the store: nothing is
            // lost.
            if (state.IsBlocked(now) || (isFirst && request.Seq > 0 && state.Delivered >= request.Seq))
                return;
            var next = await NextAsync(state.Webhook, state.Delivered, cancellationToken);
            if (next.Bodies.Count == 0)
            {
                if (isFirst || next.IsTerminalOrInterrupted)
                    await SettleAsync(state, next, now, cancellationToken);
                return;
            }

            // What is left is due.
            if (now >= workUntil)
                return;
            var held = state with
            {
                Holder = _newId(),
                DueAt = now + Hold,
                KeepUntil = next.KeepUntil,
                TraceParent = EngineSpans.TraceParent ?? state.TraceParent,
            };
            if (await _store.UpdateDeliveryAsync(state, held, cancellationToken) is { } taken &&
                !await DeliverAsync(taken, next with { IsFollowed = state.DueAt is not null }, workUntil, cancellationToken))
                return;
        }
    }

    /// <summary>How long a worker holds a webhook with each step.</summary>
    private TimeSpan Hold => _options.TimeLimit + HoldMargin;

    /// <summary>Reads what a webhook is sent next.</summary>
    private async Task<Next> NextAsync(Webhook webhook, long? delivered, CancellationToken cancellationToken)
    {
        var events = await _store.ReadEventsAsync(webhook.TaskId, delivered ?? long.MaxValue, cancellationToken);
        if (events is null)
            return new Next([]) { IsTerminalOrInterrupted = true };
        var next = new Next(
            [])
        {
            IsTerminalOrInterrupted = events.IsTerminalOrInterrupted,
            KeepUntil = events.KeepUntil,
            Agent = Caller.AgentOf(events.Owner)
        };
        var responses = events.Entries.SelectMany(entry => entry.Events.Select((each, i) => (
                Seq: entry.First + i,
                entry.At,
                Response: TaskStreams.ToResponse(events.TaskId, events.ContextId, entry.First + i, entry.At, each))))
            .Where(each => each.Seq > delivered && each.Response is not null).ToList();
        if (delivered is not null && (responses.Count == 0 || webhook.Version == ProtocolVersion.V1_0))
            return next with { Bodies = [.. responses.Select(each => WebhookBody.Of(each.Seq, each.Response!) with { At = each.At })] };
        return await _tasks.ReadAsync(owner: null, webhook.TaskId, cancellationToken) is { } task
            ? next with
            {
                IsTerminalOrInterrupted = task.State.IsTerminalOrInterrupted(),
                Bodies = [WebhookBody.Of(task.Seq, task.Task, webhook.Version)]
            }
            : next with { IsTerminalOrInterrupted = true };
    }

    /// <summary>
    /// Records that there is nothing to deliver. A run that took the task before the webhook was created requests nothing for it: until the
    /// task is terminal or interrupted, the webhook stays due, and each sweep has a look taken.
    /// </summary>
    private async ValueTask SettleAsync(DeliveryState state, Next next, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (state.DueAt is not null)
            await _store.UpdateDeliveryAsync(
                state, state with { Holder = null, DueAt = next.IsTerminalOrInterrupted ? null : now }, cancellationToken);
    }

    /// <summary>Delivers the bodies one after the other; false where the rest has to wait, or is never delivered.</summary>
    private async Task<bool> DeliverAsync(DeliveryState held, Next next, DateTimeOffset workUntil, CancellationToken cancellationToken)
    {
        DeliveryState? current = held;
        try
        {
            for (var i = 0; i < next.Bodies.Count;)
            {
                var (outcome, attempt) = await AttemptAsync(held.Webhook, next.Agent, next.Bodies[i], cancellationToken);
                var tried = current with { Attempts = current.Attempts.With(attempt) };
                if (outcome.Verdict != WebhookVerdict.Taken)
                {
                    current = null;
                    current = await FailAsync(tried, next.Bodies[i].Seq, outcome, workUntil, cancellationToken);
                    if (current?.Holder is null)
                        return false;
                    await WaitAsync(current.DueAt!.Value - Hold, cancellationToken);
                    continue;
                }

                if (next.Bodies[i].At is { } at)
                    EngineMetrics.WebhookAccepted(_time.GetUtcNow() - at);
                i++;
                var now = _time.GetUtcMilliseconds();
                // The last step lets the webhook go, with what it records.
                var isLast = i == next.Bodies.Count || now >= workUntil;
                var accepted = tried with
                {
                    Delivered = next.Bodies[i - 1].Seq,
                    Holder = isLast ? null : current.Holder,
                    DueAt = !isLast ? now + Hold : i == next.Bodies.Count && (next.IsTerminalOrInterrupted || !next.IsFollowed) ? null
                    : now,
                    FailingSince = null,
                    Failures = 0,
                };
                current = await _store.UpdateDeliveryAsync(current, accepted, cancellationToken);
                WebhookLog.Delivered(_logger, held.Webhook.TaskId, held.Webhook.Id, accepted.Delivered.Value);
                // Deleted, replaced, or taken over by a worker that took this one for lost.
                if (current?.Holder is null)
                    return true;
            }

            return true;
        }
        catch (Exception) when (current is { Holder: not null })
        {
            await LetGoAsync(current);
            throw;
        }
    }

    /// <summary>
    /// Makes one attempt. A fault of the agent itself, such as a key that is missing, counts as a failed attempt: it is retried by the same
    /// schedule.
    /// </summary>
    private async Task<(WebhookOutcome Outcome, DeliveryAttempt Attempt)> AttemptAsync(
        Webhook webhook, string agent, WebhookBody body, CancellationToken cancellationToken)
    {
        var (at, begun) = (_time.GetUtcMilliseconds(), Stopwatch.GetTimestamp());
        using var span = EngineSpans.StartWebhook(webhook.Config.Url, webhook.TaskId, webhook.Id, body.Seq);
        WebhookOutcome outcome;
        try
        {
            outcome = await _caller.CallAsync(webhook, agent, body, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            WebhookLog.NotSent(_logger, fault, webhook.TaskId, webhook.Id, body.Seq);
            outcome = new(WebhookVerdict.TryAgain, "The agent could not make the request.");
        }

        var verdict = outcome.Verdict switch
        {
            WebhookVerdict.Taken => EngineMetrics.Accepted,
            WebhookVerdict.TryAgain => "retried",
            _ => "rejected",
        };
        var duration = Stopwatch.GetElapsedTime(begun);
        EngineMetrics.WebhookAttempt(duration, verdict, outcome.Status);
        if (span is not null)
            EngineSpans.EndWebhook(span, verdict, outcome.Status);
        return (outcome, new DeliveryAttempt(at, body.Seq, TimeSpan.FromMilliseconds((long)duration.TotalMilliseconds))
        {
            Status = outcome.Status,
            Error = outcome.Status is null ? Cut(outcome.Reason) : null,
        });
    }

    private static string Cut(string reason) => reason.Length <= MaxErrorLength ? reason : $"{reason[..(MaxErrorLength - 1)]}…";

    /// <summary>Records a failed attempt.</summary>
    /// <returns>The state that was stored, held where this worker retries; null where another worker has changed it.</returns>
    private async Task<DeliveryState?> FailAsync(
        DeliveryState held, long seq, WebhookOutcome outcome, DateTimeOffset workUntil, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcMilliseconds();
        var (taskId, webhookId, delivered) = (held.Webhook.TaskId, held.Webhook.Id, held.Delivered ?? 0);
        var host = new Uri(held.Webhook.Config.Url).Host;
        var ended = held with { Holder = null, DueAt = null };
        if (outcome.Verdict == WebhookVerdict.Refused)
        {
            var refused = await _store.UpdateDeliveryAsync(held, ended with { EndedBecause = outcome.Reason }, cancellationToken);
            if (refused is not null)
                WebhookLog.Ended(_logger, taskId, webhookId, host, delivered, outcome.Reason);
            return refused;
        }

        var giveUpAt = (held.FailingSince ?? now) + _options.RetryLimit;
        if (now >= giveUpAt)
        {
            var reason = $"It has failed for {_options.RetryLimit}. {outcome.Reason}";
            await _queue.BuryAsync(new DeadDelivery(taskId, delivered, webhookId, reason), cancellationToken);
            var givenUp = await _store.UpdateDeliveryAsync(held, ended with { EndedBecause = reason }, cancellationToken);
            if (givenUp is not null)
                WebhookLog.GivenUp(_logger, taskId, webhookId, host, delivered, reason);
            return givenUp;
        }

        var retryAt = now +
            TimeSpan.FromMilliseconds(Math.Ceiling(Backoff.After(held.Failures + 1, outcome.RetryAfter, _random).TotalMilliseconds));
        if (retryAt > giveUpAt)
            retryAt = giveUpAt;
        var isInline = retryAt - now <= InlineWait && retryAt < workUntil;
        var failed = held with
        {
            Holder = isInline ? held.Holder : null,
            DueAt = isInline ? retryAt + Hold : retryAt,
            FailingSince = held.FailingSince ?? now,
            Failures = held.Failures + 1,
        };
        WebhookLog.Failed(_logger, taskId, webhookId, host, seq, outcome.Reason, retryAt);
        return await _store.UpdateDeliveryAsync(held, failed, cancellationToken);
    }

    private Task WaitAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var wait = until - _time.GetUtcNow();
        return wait > TimeSpan.Zero ? Task.Delay(wait, _time, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>
    /// Lets the next sweep request the delivery, without a wait for the hold to expire. If this fails too, the hold expires.
    /// </summary>
    private async Task LetGoAsync(DeliveryState held)
    {
        try
        {
            await _store.UpdateDeliveryAsync(held, held with { Holder = null, DueAt = _time.GetUtcMilliseconds() }, CancellationToken.None);
        }
        catch (TaskStoreException)
        {
            // The fault that led here is the one to report.
        }
    }

    /// <summary>What a webhook is sent next.</summary>
    /// <param name="Bodies">The bodies, in order.</param>
    private sealed record Next(IReadOnlyList<WebhookBody> Bodies)
    {
        /// <summary>The agent that signs them.</summary>
        public string Agent { get; init; } = "";

        /// <summary>Whether the task is terminal or interrupted.</summary>
        public bool IsTerminalOrInterrupted { get; init; }

        /// <summary>Whether the webhook stays due until the task is terminal or interrupted.</summary>
        public bool IsFollowed { get; init; }

        /// <summary>How long what belongs to the task is retained.</summary>
        public DateTimeOffset? KeepUntil { get; init; }
    }
}
