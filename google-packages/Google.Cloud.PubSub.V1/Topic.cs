#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

public sealed class Topic
{
    public string Name { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    /// <summary><see cref="Name"/>, taken apart.</summary>
    public TopicName TopicName
    {
        get => Name.Length == 0 ? null : TopicName.Parse(Name);
        set => Name = value?.ToString() ?? "";
    }
}
