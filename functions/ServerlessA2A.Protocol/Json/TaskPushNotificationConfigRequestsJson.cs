using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Protocol.Json;

/// <summary>The requests about existing webhooks.</summary>
internal static class TaskPushNotificationConfigRequestsJson
{
    public static GetTaskPushNotificationConfigRequest? ReadGet(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? tenant = null, taskId = null, id = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tenant": tenant = json.TextUnlessEmpty(); break;
                case "taskId": taskId = json.Text(); break;
                case "id": id = json.Text(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Tenant = tenant, TaskId = taskId!, Id = id! };
    }

    public static void Write(Utf8JsonWriter json, GetTaskPushNotificationConfigRequest request)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tenant"u8, request.Tenant);
        json.WriteText("taskId"u8, request.TaskId);
        json.WriteText("id"u8, request.Id);
        json.WriteEndObject();
    }

    public static DeleteTaskPushNotificationConfigRequest? ReadDelete(ref JsonInput json) =>
        ReadGet(ref json) is { } same ? new() { Tenant = same.Tenant, TaskId = same.TaskId, Id = same.Id } : null;

    public static void Write(Utf8JsonWriter json, DeleteTaskPushNotificationConfigRequest request) =>
        Write(json, new GetTaskPushNotificationConfigRequest { Tenant = request.Tenant, TaskId = request.TaskId, Id = request.Id });

    public static ListTaskPushNotificationConfigsRequest? ReadList(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? tenant = null, taskId = null, pageToken = null;
        int? pageSize = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tenant": tenant = json.TextUnlessEmpty(); break;
                case "taskId": taskId = json.Text(); break;
                case "pageSize": pageSize = json.Integer(); break;
                case "pageToken": pageToken = json.TextUnlessEmpty(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Tenant = tenant, TaskId = taskId!, PageSize = pageSize, PageToken = pageToken };
    }

    public static void Write(Utf8JsonWriter json, ListTaskPushNotificationConfigsRequest request)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tenant"u8, request.Tenant);
        json.WriteText("taskId"u8, request.TaskId);
        json.WriteInteger("pageSize"u8, request.PageSize);
        json.WriteTextUnlessEmpty("pageToken"u8, request.PageToken);
        json.WriteEndObject();
    }
}
