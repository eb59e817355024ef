using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Json;

internal static class StatusUpdateJson
{
    public static TaskStatusUpdateEvent? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? taskId = null, contextId = null;
        A2ATaskStatus? status = null;
        JsonElement? metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "taskId": taskId = json.Text(); break;
                case "contextId": contextId = json.Text(); break;
                case "status": status = TaskStatusJson.Read(ref json); break;
                case "metadata": metadata = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        return new() { TaskId = taskId!, ContextId = contextId!, Status = status!, Metadata = metadata };
    }

    public static void Write(Utf8JsonWriter json, TaskStatusUpdateEvent update)
    {
        json.WriteStartObject();
        json.WriteText("taskId"u8, update.TaskId);
        json.WriteText("contextId"u8, update.ContextId);
        json.WriteMessage("status"u8, update.Status, TaskStatusJson.Write);
        json.WriteFree("metadata"u8, update.Metadata);
        json.WriteEndObject();
    }
}
