#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

/// <summary>A message, and what it is acknowledged with.</summary>
public sealed class ReceivedMessage
{
    public string AckId { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    public PubsubMessage Message { get; set; }

    /// <summary>Counted where the subscription has a dead letter policy; 0 otherwise.</summary>
    public int DeliveryAttempt { get; set; }
}
