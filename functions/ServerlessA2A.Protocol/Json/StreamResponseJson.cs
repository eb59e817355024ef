using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Json;

internal static class StreamResponseJson
{
    public static StreamResponse? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        A2ATask? task = null;
        Message? message = null;
        TaskStatusUpdateEvent? statusUpdate = null;
        TaskArtifactUpdateEvent? artifactUpdate = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "task": task = TaskJson.Read(ref json); break;
                case "message": message = MessageJson.Read(ref json); break;
                case "statusUpdate": statusUpdate = StatusUpdateJson.Read(ref json); break;
                case "artifactUpdate": artifactUpdate = ArtifactUpdateJson.Read(ref json); break;
                default: json.Skip(); break;
            }
        }

        return new() { Task = task, Message = message, StatusUpdate = statusUpdate, ArtifactUpdate = artifactUpdate };
    }

    public static void Write(Utf8JsonWriter json, StreamResponse response)
    {
        json.WriteStartObject();
        json.WriteMessage("task"u8, response.Task, TaskJson.Write);
        json.WriteMessage("message"u8, response.Message, MessageJson.Write);
        json.WriteMessage("statusUpdate"u8, response.StatusUpdate, StatusUpdateJson.Write);
        json.WriteMessage("artifactUpdate"u8, response.ArtifactUpdate, ArtifactUpdateJson.Write);
        json.WriteEndObject();
    }
}
