#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

public sealed partial class Topic
{
    /// <summary><see cref="Name"/>, parsed.</summary>
    public TopicName TopicName
    {
        get => Name.Length == 0 ? null : TopicName.Parse(Name);
        set => Name = value?.ToString() ?? "";
    }
}
