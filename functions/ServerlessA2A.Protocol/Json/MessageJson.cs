using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.Json;

internal static class MessageJson
{
    public static Message? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? messageId = null, contextId = null, taskId = null;
        var role = Role.Unspecified;
        List<Part>? parts = null;
        JsonElement? metadata = null;
        List<string>? extensions = null, referenceTaskIds = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "messageId": messageId = json.Text(); break;
                case "contextId": contextId = json.TextUnlessEmpty(); break;
                case "taskId": taskId = json.TextUnlessEmpty(); break;
                case "role": role = json.Role(); break;
                case "parts": parts = json.List(PartJson.Read); break;
                case "metadata": metadata = json.Struct(); break;
                case "extensions": extensions = json.Strings(); break;
                case "referenceTaskIds": referenceTaskIds = json.Strings(); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            MessageId = messageId!,
            ContextId = contextId,
            TaskId = taskId,
            Role = role,
            // Servers leave out empty lists.
            Parts = parts ?? [],
            Metadata = metadata,
            Extensions = extensions,
            ReferenceTaskIds = referenceTaskIds,
        };
    }

    public static void Write(Utf8JsonWriter json, Message message)
    {
        json.WriteStartObject();
        json.WriteText("messageId"u8, message.MessageId);
        json.WriteTextUnlessEmpty("contextId"u8, message.ContextId);
        json.WriteTextUnlessEmpty("taskId"u8, message.TaskId);
        json.WriteString("role"u8, RoleNames.ToName(message.Role));
        json.WriteList("parts"u8, message.Parts, PartJson.Write);
        json.WriteFree("metadata"u8, message.Metadata);
        json.WriteStringsUnlessEmpty("extensions"u8, message.Extensions);
        json.WriteStringsUnlessEmpty("referenceTaskIds"u8, message.ReferenceTaskIds);
        json.WriteEndObject();
    }
}
