using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Json;

internal static class TaskJson
{
    public static A2ATask? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? id = null, contextId = null;
        A2ATaskStatus? status = null;
        List<Artifact>? artifacts = null;
        List<Message>? history = null;
        JsonElement? metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "id": id = json.Text(); break;
                case "contextId": contextId = json.TextUnlessEmpty(); break;
                case "status": status = TaskStatusJson.Read(ref json); break;
                case "artifacts": artifacts = json.List(ArtifactJson.Read); break;
                case "history": history = json.List(MessageJson.Read); break;
                case "metadata": metadata = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Id = id!, ContextId = contextId, Status = status!, Artifacts = artifacts, History = history, Metadata = metadata };
    }

    public static void Write(Utf8JsonWriter json, A2ATask task)
    {
        json.WriteStartObject();
        json.WriteText("id"u8, task.Id);
        json.WriteTextUnlessEmpty("contextId"u8, task.ContextId);
        json.WriteMessage("status"u8, task.Status, TaskStatusJson.Write);
        json.WriteListUnlessEmpty("artifacts"u8, task.Artifacts, ArtifactJson.Write);
        json.WriteListUnlessEmpty("history"u8, task.History, MessageJson.Write);
        json.WriteFree("metadata"u8, task.Metadata);
        json.WriteEndObject();
    }
}
