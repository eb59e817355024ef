namespace ServerlessA2A.Protocol.V0_3;

/// <summary>
/// A webhook of 0.3 with its task. JSON-RPC names the task in <c>taskId</c>; HTTP+JSON in a resource name
/// (<c>tasks/t1/pushNotificationConfigs/p1</c>), and some clients send the whole request of the proto file (<c>parent</c>, <c>config</c>).
/// </summary>
internal sealed record WireTaskPushConfig
{
    public string? TaskId { get; init; }

    public string? Name { get; init; }

    public string? Parent { get; init; }

    public string? ConfigId { get; init; }

    public WireTaskPushConfig? Config { get; init; }

    public WirePushConfig? PushNotificationConfig { get; init; }
}
