namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The resource names of 0.3's proto file: <c>tasks/{task}/pushNotificationConfigs/{id}</c>.</summary>
internal static class ResourceName
{
    public static string Of(string? taskId, string? configId) => $"tasks/{taskId}/pushNotificationConfigs/{configId}";

    /// <summary>The ids in a name; null for missing ones.</summary>
    public static (string? TaskId, string? ConfigId) Parse(string? name) => name?.Split('/') switch
    {
        ["tasks", { Length: > 0 } task, "pushNotificationConfigs", { Length: > 0 } config] => (task, config),
        ["tasks", { Length: > 0 } task, ..] => (task, null),
        _ => (null, null),
    };
}
