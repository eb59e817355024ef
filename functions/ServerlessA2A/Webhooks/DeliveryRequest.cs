namespace ServerlessA2A.Webhooks;

/// <summary>A request to deliver events to a webhook, in order and up to an event at least.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Seq">The number of the event; 0 for every event that there is.</param>
/// <param name="WebhookId">The webhook.</param>
public sealed record DeliveryRequest(string TaskId, long Seq, string WebhookId)
{
    /// <summary>
    /// The trace that the request was published in, or that the last delivery was in where the store lists the webhook as due, as a W3C
    /// <c>traceparent</c>; null for none.
    /// </summary>
    public string? TraceParent { get; init; }
}
