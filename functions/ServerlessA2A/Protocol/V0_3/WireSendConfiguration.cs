namespace ServerlessA2A.Protocol.V0_3;

/// <summary>How a message is to be answered in 0.3. HTTP+JSON calls the webhook <c>pushNotification</c>.</summary>
internal sealed record WireSendConfiguration
{
    public IReadOnlyList<string>? AcceptedOutputModes { get; init; }

    public WirePushConfig? PushNotificationConfig { get; init; }

    public WirePushConfig? PushNotification { get; init; }

    public int? HistoryLength { get; init; }

    public bool? Blocking { get; init; }
}
