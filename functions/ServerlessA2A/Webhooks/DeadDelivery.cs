namespace ServerlessA2A.Webhooks;

/// <summary>What a webhook was never told, because it was given up.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="After">The number of the last event that the webhook has taken; 0 for none.</param>
/// <param name="WebhookId">The webhook's configuration.</param>
/// <param name="Reason">Why it was given up.</param>
public sealed record DeadDelivery(string TaskId, long After, string WebhookId, string Reason);
