using System.Text.Json;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>Messages of the agent in its task.</summary>
internal static class AgentMessages
{
    public static Message Parts(TaskSnapshot task, string messageId, IReadOnlyList<Part> parts, JsonElement? metadata = null) => new()
    {
        MessageId = messageId,
        Role = Role.Agent,
        TaskId = task.Id,
        ContextId = task.Task.ContextId,
        Parts = parts,
        Metadata = metadata,
    };

    public static Message Text(TaskSnapshot task, string messageId, string text) => Parts(task, messageId, [Part.FromText(text)]);
}
