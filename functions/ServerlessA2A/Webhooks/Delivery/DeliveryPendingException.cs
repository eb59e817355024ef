namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>A notification is not done with: it is to be delivered again later. That is no fault of ours.</summary>
/// <param name="message">What it waits for.</param>
internal sealed class DeliveryPendingException(string message) : Exception(message);
