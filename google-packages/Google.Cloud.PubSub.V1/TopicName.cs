#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

/// <summary>projects/P/topics/ID.</summary>
public sealed class TopicName : IEquatable<TopicName>
{
    public TopicName(string projectId, string topicId) =>
        (ProjectId, TopicId) = (ResourceName.Checked(projectId, nameof(projectId)), ResourceName.Checked(topicId, nameof(topicId)));

    public string ProjectId { get; }

    public string TopicId { get; }

    public static bool operator ==(TopicName a, TopicName b) => Equals(a, b);

    public static bool operator !=(TopicName a, TopicName b) => !Equals(a, b);

    public static TopicName FromProjectTopic(string projectId, string topicId) => new(projectId, topicId);

    public static string Format(string projectId, string topicId) => new TopicName(projectId, topicId).ToString();

    public static TopicName Parse(string topicName) =>
        TryParse(topicName, out var result) ? result : throw new ArgumentException("The given resource-name matches no pattern.", nameof(topicName));

    public static bool TryParse(string topicName, out TopicName result)
    {
        result = ResourceName.TryParse(topicName, "topics", out var parts) ? new(parts.Project, parts.Id) : null;
        return result is not null;
    }

    public bool Equals(TopicName other) => other is not null && (ProjectId, TopicId) == (other.ProjectId, other.TopicId);

    public override bool Equals(object obj) => Equals(obj as TopicName);

    public override int GetHashCode() => HashCode.Combine(ProjectId, TopicId);

    public override string ToString() => $"projects/{ProjectId}/topics/{TopicId}";
}
