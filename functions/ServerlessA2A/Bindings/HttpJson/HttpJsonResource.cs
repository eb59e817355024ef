namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>The resource of a path (A2A 1.0, section 11.3; 0.3, section 3.5.6).</summary>
internal enum HttpJsonResource
{
    /// <summary><c>message:send</c></summary>
    Send,

    /// <summary><c>message:stream</c></summary>
    Stream,

    /// <summary><c>tasks</c></summary>
    Tasks,

    /// <summary><c>tasks/{id}</c></summary>
    Task,

    /// <summary><c>tasks/{id}:cancel</c></summary>
    Cancel,

    /// <summary><c>tasks/{id}:subscribe</c></summary>
    Subscribe,

    /// <summary><c>tasks/{id}/pushNotificationConfigs</c></summary>
    PushNotificationConfigs,

    /// <summary><c>tasks/{id}/pushNotificationConfigs/{configId}</c></summary>
    PushNotificationConfig,

    /// <summary><c>extendedAgentCard</c>; <c>card</c> in 0.3</summary>
    ExtendedCard,
}
