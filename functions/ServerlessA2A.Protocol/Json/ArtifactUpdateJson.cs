using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Json;

internal static class ArtifactUpdateJson
{
    public static TaskArtifactUpdateEvent? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? taskId = null, contextId = null;
        Artifact? artifact = null;
        bool append = false, lastChunk = false;
        JsonElement? metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "taskId": taskId = json.Text(); break;
                case "contextId": contextId = json.Text(); break;
                case "artifact": artifact = ArtifactJson.Read(ref json); break;
                case "append": append = json.Flag() ?? false; break;
                case "lastChunk": lastChunk = json.Flag() ?? false; break;
                case "metadata": metadata = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            TaskId = taskId!,
            ContextId = contextId!,
            Artifact = artifact!,
            Append = append,
            LastChunk = lastChunk,
            Metadata = metadata,
        };
    }

    public static void Write(Utf8JsonWriter json, TaskArtifactUpdateEvent update)
    {
        json.WriteStartObject();
        json.WriteText("taskId"u8, update.TaskId);
        json.WriteText("contextId"u8, update.ContextId);
        json.WriteMessage("artifact"u8, update.Artifact, ArtifactJson.Write);
        json.WriteFlagIfTrue("append"u8, update.Append);
        json.WriteFlagIfTrue("lastChunk"u8, update.LastChunk);
        json.WriteFree("metadata"u8, update.Metadata);
        json.WriteEndObject();
    }
}
