#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

public sealed partial class Subscription
{
    /// <summary><see cref="Name"/>, parsed.</summary>
    public SubscriptionName SubscriptionName
    {
        get => Name.Length == 0 ? null : SubscriptionName.Parse(Name);
        set => Name = value?.ToString() ?? "";
    }

    /// <summary><see cref="Topic"/>, parsed.</summary>
    public TopicName TopicAsTopicName
    {
        get => Topic.Length == 0 ? null : TopicName.Parse(Topic);
        set => Topic = value?.ToString() ?? "";
    }
}
