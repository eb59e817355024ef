using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Webhooks;

/// <summary>The log events of webhooks: ids 3000 to 3999, each with the task's id. Addresses are told without their query, tokens and credentials never.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Delivery of event {Seq} of task {TaskId} not requested; the next sweep retries")]
    public static partial void NotPublished(ILogger logger, Exception exception, string taskId, long seq);

    [LoggerMessage(3001, LogLevel.Debug, "Task {TaskId}: webhook {WebhookId} has taken event {Seq}.")]
    public static partial void Delivered(ILogger logger, string taskId, string webhookId, long seq);

    [LoggerMessage(3002, LogLevel.Information, "Task {TaskId}: webhook {WebhookId} at {Host} did not take event {Seq}: {Reason} Tried again at {RetryAt}.")]
    public static partial void TriedAgain(ILogger logger, string taskId, string webhookId, string host, long seq, string reason, DateTimeOffset retryAt);

    [LoggerMessage(3003, LogLevel.Warning, "Task {TaskId}: webhook {WebhookId} at {Host} is called no more, after event {Delivered}: {Reason}")]
    public static partial void Ended(ILogger logger, string taskId, string webhookId, string host, long delivered, string reason);

    [LoggerMessage(3004, LogLevel.Error, "Task {TaskId}: webhook {WebhookId} at {Host} is given up after event {Delivered}: {Reason}")]
    public static partial void GivenUp(ILogger logger, string taskId, string webhookId, string host, long delivered, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "Task {TaskId}: webhook {WebhookId} was not told of event {Seq}; it is asked for again.")]
    public static partial void Swept(ILogger logger, string taskId, string webhookId, long seq);

    [LoggerMessage(3006, LogLevel.Error, "Task {TaskId}: its webhooks can't be swept; those of others are.")]
    public static partial void NotSwept(ILogger logger, Exception exception, string taskId);
}
