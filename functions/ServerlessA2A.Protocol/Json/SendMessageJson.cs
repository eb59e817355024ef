using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Protocol.Json;

internal static class SendMessageJson
{
    public static SendMessageRequest? ReadRequest(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? tenant = null;
        Message? message = null;
        SendMessageConfiguration? configuration = null;
        JsonElement? metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tenant": tenant = json.TextUnlessEmpty(); break;
                case "message": message = MessageJson.Read(ref json); break;
                case "configuration": configuration = ReadConfiguration(ref json); break;
                case "metadata": metadata = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Tenant = tenant, Message = message!, Configuration = configuration, Metadata = metadata };
    }

    public static void Write(Utf8JsonWriter json, SendMessageRequest request)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tenant"u8, request.Tenant);
        json.WriteMessage("message"u8, request.Message, MessageJson.Write);
        json.WriteMessage("configuration"u8, request.Configuration, Write);
        json.WriteFree("metadata"u8, request.Metadata);
        json.WriteEndObject();
    }

    public static SendMessageResponse? ReadResponse(ref JsonInput json) =>
        StreamResponseJson.Read(ref json) is { } response ? new() { Task = response.Task, Message = response.Message } : null;

    public static void Write(Utf8JsonWriter json, SendMessageResponse response)
    {
        json.WriteStartObject();
        json.WriteMessage("task"u8, response.Task, TaskJson.Write);
        json.WriteMessage("message"u8, response.Message, MessageJson.Write);
        json.WriteEndObject();
    }

    /// <summary>Clients that mix the versions use 0.3's names for the webhook.</summary>
    private static SendMessageConfiguration? ReadConfiguration(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        List<string>? acceptedOutputModes = null;
        TaskPushNotificationConfig? webhook = null, olderWebhook = null;
        int? historyLength = null;
        var returnImmediately = false;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "acceptedOutputModes": acceptedOutputModes = json.Strings(); break;
                case "taskPushNotificationConfig": webhook = TaskPushNotificationConfigJson.Read(ref json); break;
                case "pushNotificationConfig": olderWebhook = TaskPushNotificationConfigJson.Read(ref json) ?? olderWebhook; break;
                case "pushNotification": olderWebhook = TaskPushNotificationConfigJson.Read(ref json) ?? olderWebhook; break;
                case "historyLength": historyLength = json.Integer(); break;
                case "returnImmediately": returnImmediately = json.Flag() ?? false; break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            AcceptedOutputModes = acceptedOutputModes,
            TaskPushNotificationConfig = webhook ?? olderWebhook,
            HistoryLength = historyLength,
            ReturnImmediately = returnImmediately,
        };
    }

    private static void Write(Utf8JsonWriter json, SendMessageConfiguration configuration)
    {
        json.WriteStartObject();
        json.WriteStringsUnlessEmpty("acceptedOutputModes"u8, configuration.AcceptedOutputModes);
        json.WriteMessage("taskPushNotificationConfig"u8, configuration.TaskPushNotificationConfig, TaskPushNotificationConfigJson.Write);
        json.WriteInteger("historyLength"u8, configuration.HistoryLength);
        json.WriteFlagIfTrue("returnImmediately"u8, configuration.ReturnImmediately);
        json.WriteEndObject();
    }
}
