using ServerlessA2A.Protocol.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Reads webhooks.</summary>
internal static class TaskPushNotificationConfigReader
{
    /// <summary>The id of a webhook without one: clients of 0.3 look up their webhook by the task alone.</summary>
    public const string DefaultId = "default";

    /// <summary>
    /// A webhook with its task. JSON-RPC names the task in <c>taskId</c>; HTTP+JSON in a resource name
    /// (<c>tasks/t1/pushNotificationConfigs/p1</c>), and some clients send the whole request of the proto file (<c>parent</c>,
    /// <c>config</c>).
    /// </summary>
    public static TaskPushNotificationConfig? ReadCreate(ref JsonInput json)
    {
        if (ReadOuter(ref json) is not { } outer) return null;
        var config = outer.Config ?? outer;
        var (taskId, id) = ResourceName.Parse(config.Name ?? outer.Parent);
        var webhook = config.Webhook ?? new() { Url = null! };
        return WithId(webhook, outer.ConfigId ?? id)! with { TaskId = outer.TaskId ?? config.TaskId ?? taskId };
    }

    /// <summary>A webhook without a task.</summary>
    public static TaskPushNotificationConfig? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? id = null, url = null, token = null;
        AuthenticationInfo? authentication = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "id": id = json.TextUnlessEmpty(); break;
                case "url": url = json.Text(); break;
                case "token": token = json.TextUnlessEmpty(); break;
                case "authentication": authentication = ReadAuthentication(ref json); break;
                default: json.Skip(); break;
            }
        }

        return new() { Id = id, Url = url!, Token = token, Authentication = authentication };
    }

    /// <summary>Adds an id if the webhook has none.</summary>
    public static TaskPushNotificationConfig? WithId(TaskPushNotificationConfig? webhook, string? id = null) =>
        webhook is { Id: null } ? webhook with { Id = id ?? DefaultId } : webhook;

    private static Outer? ReadOuter(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? taskId = null, name = null, parent = null, configId = null;
        Outer? config = null;
        TaskPushNotificationConfig? webhook = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "taskId": taskId = json.TextUnlessEmpty(); break;
                case "name": name = json.TextUnlessEmpty(); break;
                case "parent": parent = json.TextUnlessEmpty(); break;
                case "configId": configId = json.TextUnlessEmpty(); break;
                case "config": config = ReadOuter(ref json); break;
                case "pushNotificationConfig": webhook = Read(ref json); break;
                default: json.Skip(); break;
            }
        }

        return new(taskId, name, parent, configId, config, webhook);
    }

    /// <summary>An authentication without schemes is none: some clients of 0.3 send an empty list.</summary>
    private static AuthenticationInfo? ReadAuthentication(ref JsonInput json) =>
        TaskPushNotificationConfigJson.ReadAuthentication(ref json) is { } read && (read.Scheme is not null || read.Credentials is not null)
            ? read : null;

    private sealed record Outer(
        string? TaskId, string? Name, string? Parent, string? ConfigId, Outer? Config, TaskPushNotificationConfig? Webhook);
}
