#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

/// <summary>projects/P/subscriptions/ID.</summary>
public sealed class SubscriptionName : IEquatable<SubscriptionName>
{
    public SubscriptionName(string projectId, string subscriptionId) =>
        (ProjectId, SubscriptionId) = (ResourceName.Checked(projectId, nameof(projectId)), ResourceName.Checked(subscriptionId, nameof(subscriptionId)));

    public string ProjectId { get; }

    public string SubscriptionId { get; }

    public static bool operator ==(SubscriptionName a, SubscriptionName b) => Equals(a, b);

    public static bool operator !=(SubscriptionName a, SubscriptionName b) => !Equals(a, b);

    public static SubscriptionName FromProjectSubscription(string projectId, string subscriptionId) => new(projectId, subscriptionId);

    public static string Format(string projectId, string subscriptionId) => new SubscriptionName(projectId, subscriptionId).ToString();

    public static SubscriptionName Parse(string subscriptionName) =>
        TryParse(subscriptionName, out var result) ? result : throw new ArgumentException("The given resource-name matches no pattern.", nameof(subscriptionName));

    public static bool TryParse(string subscriptionName, out SubscriptionName result)
    {
        result = ResourceName.TryParse(subscriptionName, "subscriptions", out var parts) ? new(parts.Project, parts.Id) : null;
        return result is not null;
    }

    public bool Equals(SubscriptionName other) => other is not null && (ProjectId, SubscriptionId) == (other.ProjectId, other.SubscriptionId);

    public override bool Equals(object obj) => Equals(obj as SubscriptionName);

    public override int GetHashCode() => HashCode.Combine(ProjectId, SubscriptionId);

    public override string ToString() => $"projects/{ProjectId}/subscriptions/{SubscriptionId}";
}
