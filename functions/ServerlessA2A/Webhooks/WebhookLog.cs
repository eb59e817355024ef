using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Webhooks;

/// <summary>
/// The log events of webhooks: ids 3000 to 3999. They name the receiver's host, and never an address, a token or credentials.
/// </summary>
internal static partial class WebhookLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Delivery request not published for event {Seq} of task {TaskId}; the sweep requests it")]
    public static partial void NotPublished(ILogger logger, Exception exception, string taskId, long seq);

    [LoggerMessage(3001, LogLevel.Debug, "Event {Seq} of task {TaskId} delivered to webhook {WebhookId}")]
    public static partial void Delivered(ILogger logger, string taskId, string webhookId, long seq);

    [LoggerMessage(3002, LogLevel.Information,
        "Delivery attempt failed for event {Seq} of task {TaskId} to webhook {WebhookId} at {Host}; no attempt before {RetryAt:o}: " +
        "{Reason}")]
    public static partial void Failed(
        ILogger logger, string taskId, string webhookId, string host, long seq, string reason, DateTimeOffset retryAt);

    [LoggerMessage(3003, LogLevel.Warning,
        "Webhook {WebhookId} of task {TaskId} at {Host} rejected a delivery; disabled, last accepted event {Delivered} (0: none): " +
        "{Reason}")]
    public static partial void Ended(ILogger logger, string taskId, string webhookId, string host, long delivered, string reason);

    [LoggerMessage(3004, LogLevel.Error,
        "Webhook {WebhookId} of task {TaskId} at {Host} failed for too long; disabled and dead-lettered, last accepted event {Delivered} " +
        "(0: none): {Reason}")]
    public static partial void GivenUp(ILogger logger, string taskId, string webhookId, string host, long delivered, string reason);

    [LoggerMessage(
        3005, LogLevel.Warning, "Event {Seq} of task {TaskId} not delivered to webhook {WebhookId}; delivery requested by the sweep")]
    public static partial void Undelivered(ILogger logger, string taskId, string webhookId, long seq);

    [LoggerMessage(3006, LogLevel.Error, "Webhooks of task {TaskId} could not be swept; skipped")]
    public static partial void NotSwept(ILogger logger, Exception exception, string taskId);

    [LoggerMessage(
        3007, LogLevel.Error,
        "Request could not be made for event {Seq} of task {TaskId} to webhook {WebhookId}; counts as a failed attempt")]
    public static partial void NotSent(ILogger logger, Exception exception, string taskId, string webhookId, long seq);

    [LoggerMessage(3008, LogLevel.Information, "Webhook {WebhookId} of task {TaskId} due; delivery requested by the sweep")]
    public static partial void Due(ILogger logger, string taskId, string webhookId);
}
