using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Json;

internal static class TaskStatusJson
{
    public static A2ATaskStatus? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        var state = TaskState.Unspecified;
        Message? message = null;
        DateTimeOffset? timestamp = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "state": state = json.State() ?? TaskState.Unspecified; break;
                case "message": message = MessageJson.Read(ref json); break;
                case "timestamp": timestamp = json.Timestamp(); break;
                default: json.Skip(); break;
            }
        }

        return new() { State = state, Message = message, Timestamp = timestamp };
    }

    public static void Write(Utf8JsonWriter json, A2ATaskStatus status)
    {
        json.WriteStartObject();
        json.WriteString("state"u8, TaskStateNames.ToName(status.State));
        json.WriteMessage("message"u8, status.Message, MessageJson.Write);
        json.WriteTimestamp("timestamp"u8, status.Timestamp);
        json.WriteEndObject();
    }
}
