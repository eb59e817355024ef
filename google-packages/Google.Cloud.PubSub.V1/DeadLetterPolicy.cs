namespace Google.Cloud.PubSub.V1;

/// <summary>Where a message goes that was delivered in vain too often.</summary>
public sealed class DeadLetterPolicy
{
    public string DeadLetterTopic { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    /// <summary>5 to 100.</summary>
    public int MaxDeliveryAttempts { get; set; }
}
