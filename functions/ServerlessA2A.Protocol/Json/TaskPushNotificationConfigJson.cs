using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Protocol.Json;

internal static class TaskPushNotificationConfigJson
{
    /// <summary>
    /// A webhook. Published clients of 1.0 also send the forms of 0.3 and of drafts: the webhook in a member <c>config</c> or
    /// <c>pushNotificationConfig</c>, its id in <c>configId</c>. Members of the outer object take precedence.
    /// </summary>
    public static TaskPushNotificationConfig? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? tenant = null, id = null, configId = null, taskId = null, url = null, token = null;
        AuthenticationInfo? authentication = null;
        TaskPushNotificationConfig? inner = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tenant": tenant = json.TextUnlessEmpty(); break;
                case "id": id = json.TextUnlessEmpty(); break;
                case "taskId": taskId = json.TextUnlessEmpty(); break;
                case "url": url = json.Text(); break;
                case "token": token = json.TextUnlessEmpty(); break;
                case "authentication": authentication = ReadAuthentication(ref json); break;
                case "configId": configId = json.TextUnlessEmpty(); break;
                case "config": inner = Read(ref json) ?? inner; break;
                case "pushNotificationConfig": inner = Read(ref json) ?? inner; break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            Tenant = tenant,
            Id = id ?? configId ?? inner?.Id,
            TaskId = taskId ?? inner?.TaskId,
            Url = (url ?? inner?.Url)!,
            Token = token ?? inner?.Token,
            Authentication = authentication ?? inner?.Authentication,
        };
    }

    public static void Write(Utf8JsonWriter json, TaskPushNotificationConfig config)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tenant"u8, config.Tenant);
        json.WriteTextUnlessEmpty("id"u8, config.Id);
        json.WriteTextUnlessEmpty("taskId"u8, config.TaskId);
        json.WriteText("url"u8, config.Url);
        json.WriteTextUnlessEmpty("token"u8, config.Token);
        json.WriteMessage("authentication"u8, config.Authentication, Write);
        json.WriteEndObject();
    }

    public static ListTaskPushNotificationConfigsResponse? ReadList(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        List<TaskPushNotificationConfig>? configs = null;
        string? nextPageToken = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "configs": configs = json.List(Read); break;
                case "nextPageToken": nextPageToken = json.Text(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Configs = configs!, NextPageToken = nextPageToken! };
    }

    public static void Write(Utf8JsonWriter json, ListTaskPushNotificationConfigsResponse response)
    {
        json.WriteStartObject();
        json.WriteList("configs"u8, response.Configs, Write);
        json.WriteText("nextPageToken"u8, response.NextPageToken);
        json.WriteEndObject();
    }

    /// <summary>1.0 has one scheme, 0.3 several. The first one is used, because the credentials fit only one.</summary>
    public static AuthenticationInfo? ReadAuthentication(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? scheme = null, credentials = null;
        List<string>? schemes = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "scheme": scheme = json.Text(); break;
                case "schemes": schemes = json.Strings(); break;
                case "credentials": credentials = json.TextUnlessEmpty(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Scheme = (scheme ?? schemes?.FirstOrDefault())!, Credentials = credentials };
    }

    private static void Write(Utf8JsonWriter json, AuthenticationInfo authentication)
    {
        json.WriteStartObject();
        json.WriteText("scheme"u8, authentication.Scheme);
        json.WriteTextUnlessEmpty("credentials"u8, authentication.Credentials);
        json.WriteEndObject();
    }
}
