using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>How a message is to be answered.</summary>
/// <remarks>A2A 1.0, section 3.2.2.</remarks>
internal sealed record SendMessageConfiguration
{
    /// <summary>The media types the client can take; null or empty for any.</summary>
    public IReadOnlyList<string>? AcceptedOutputModes { get; init; }

    /// <summary>A webhook for the task that the message makes; without a task id.</summary>
    public TaskPushNotificationConfig? TaskPushNotificationConfig { get; init; }

    /// <summary>At most so many of the newest messages in the answer; null for all, 0 for none.</summary>
    public int? HistoryLength { get; init; }

    /// <summary>False: answer when the task has ended or waits for the client. True: answer at once.</summary>
    public bool ReturnImmediately { get; init; }
}
