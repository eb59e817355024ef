using Microsoft.Extensions.Configuration;

namespace ServerlessA2A.Functions.Local;

/// <summary>A function that is run by messages.</summary>
/// <param name="Function">Its class.</param>
/// <param name="Topic">The id of the Pub/Sub topic that they come from.</param>
internal sealed record PubSubTrigger(Type Function, string Topic)
{
    /// <summary>How often a message is delivered before it becomes a dead letter: the least that Pub/Sub can be told.</summary>
    public const int MaxDeliveries = 5;

    public static readonly PubSubTrigger RunTask = new(typeof(RunTaskFunction), "a2a-tasks");
    public static readonly PubSubTrigger Notify = new(typeof(NotifyFunction), "a2a-notifications");
    public static readonly PubSubTrigger Sweep = new(typeof(SweepFunction), "a2a-sweep");
    public static readonly PubSubTrigger DeadLetter = new(typeof(DeadLetterFunction), "a2a-dead");

    /// <summary>All of them, with the topics that the settings name.</summary>
    public static IReadOnlyList<PubSubTrigger> All(IConfiguration configuration) =>
    [
        RunTask with { Topic = configuration["A2A:GoogleCloud:TaskTopic"] ?? RunTask.Topic },
        Notify with { Topic = configuration["A2A:GoogleCloud:NotificationTopic"] ?? Notify.Topic },
        Sweep,
        DeadLetter with { Topic = configuration["A2A:GoogleCloud:DeadLetterTopic"] ?? DeadLetter.Topic },
    ];
}
