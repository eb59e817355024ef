namespace ServerlessA2A.Webhooks;

/// <summary>The events that were never delivered to a webhook, because it was given up.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="After">The number of the last event that the receiver has accepted; 0 for none.</param>
/// <param name="WebhookId">The webhook.</param>
/// <param name="Reason">Why it was given up.</param>
public sealed record DeadDelivery(string TaskId, long After, string WebhookId, string Reason);
