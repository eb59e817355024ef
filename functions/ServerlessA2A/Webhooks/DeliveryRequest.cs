namespace ServerlessA2A.Webhooks;

/// <summary>A request to tell a webhook what has happened, up to an event at least.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Seq">The number of the event; 0 for whatever there is, and all that follows until the task rests.</param>
/// <param name="WebhookId">The webhook's configuration.</param>
public sealed record DeliveryRequest(string TaskId, long Seq, string WebhookId);
