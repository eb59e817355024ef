#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

public sealed class Subscription
{
    public string Name { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    /// <summary><see cref="Name"/>, taken apart.</summary>
    public SubscriptionName SubscriptionName
    {
        get => Name.Length == 0 ? null : SubscriptionName.Parse(Name);
        set => Name = value?.ToString() ?? "";
    }

    public string Topic { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    /// <summary><see cref="Topic"/>, taken apart.</summary>
    public TopicName TopicAsTopicName
    {
        get => Topic.Length == 0 ? null : TopicName.Parse(Topic);
        set => Topic = value?.ToString() ?? "";
    }

    /// <summary>With an endpoint, messages are pushed; otherwise they are pulled.</summary>
    public PushConfig PushConfig { get; set; }

    /// <summary>10 to 600; 0 for the service's own.</summary>
    public int AckDeadlineSeconds { get; set; }

    public bool EnableMessageOrdering { get; set; }

    public RetryPolicy RetryPolicy { get; set; }

    public DeadLetterPolicy DeadLetterPolicy { get; set; }
}
