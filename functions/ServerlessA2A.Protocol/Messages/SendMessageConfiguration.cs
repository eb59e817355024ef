using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>How a message is answered.</summary>
/// <remarks>A2A 1.0, section 3.2.2.</remarks>
public sealed record SendMessageConfiguration
{
    /// <summary>The media types that the client accepts; null or empty for any.</summary>
    public IReadOnlyList<string>? AcceptedOutputModes { get; init; }

    /// <summary>A webhook for the task that the message creates; without a task id.</summary>
    public TaskPushNotificationConfig? TaskPushNotificationConfig { get; init; }

    /// <summary>The number of newest messages in the response; null for all, 0 for none.</summary>
    public int? HistoryLength { get; init; }

    /// <summary>
    /// False: respond when the task is in a terminal or interrupted state. True: respond immediately.
    /// </summary>
    public bool ReturnImmediately { get; init; }
}
