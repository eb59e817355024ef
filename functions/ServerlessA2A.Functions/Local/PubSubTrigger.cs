using Microsoft.Extensions.Configuration;

namespace ServerlessA2A.Functions.Local;

/// <summary>A function with a Pub/Sub trigger.</summary>
/// <param name="Function">The function's class.</param>
/// <param name="Topic">The id of its Pub/Sub topic.</param>
internal sealed record PubSubTrigger(Type Function, string Topic)
{
    /// <summary>The delivery attempts before a message is dead-lettered: the minimum of Pub/Sub.</summary>
    public const int MaxDeliveries = 5;

    private const string DefaultPrefix = "a2a";

    public static readonly PubSubTrigger RunTask = new(typeof(RunTaskFunction), "a2a-tasks");
    public static readonly PubSubTrigger Notify = new(typeof(NotifyFunction), "a2a-notifications");
    public static readonly PubSubTrigger Sweep = new(typeof(SweepFunction), "a2a-sweep");
    public static readonly PubSubTrigger DeadLetter = new(typeof(DeadLetterFunction), "a2a-dead");

    /// <summary>All such functions, with the topics of the settings.</summary>
    public static IReadOnlyList<PubSubTrigger> All(IConfiguration configuration) =>
    [
        .. new[] { RunTask, Notify, Sweep, DeadLetter }.Select(trigger => configuration["A2A:GoogleCloud:TopicPrefix"] is { } prefix
            ? trigger with { Topic = $"{prefix}{trigger.Topic[DefaultPrefix.Length..]}" }
            : trigger),
    ];
}
