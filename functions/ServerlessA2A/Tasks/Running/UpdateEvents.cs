using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>Makes events of the log from what the agent yields, after checking it against the rules of the protocol.</summary>
/// <remarks>What breaks a rule is an <see cref="IllegalUpdateException"/>.</remarks>
internal sealed class UpdateEvents(TaskLog log, IdSource newId)
{
    /// <summary>A status with a message.</summary>
    public StatusChanged Status(TaskState state, IReadOnlyList<Part> parts)
    {
        Require(ArtifactRules.Check(parts, $"its {TaskStateNames.ToName(state)} message"));
        return new StatusChanged { State = state, Message = AgentMessages.Parts(log.Snapshot, newId(), AgentContent.Copy(parts)) };
    }

    /// <summary>A question, or the request for an authorization.</summary>
    public StatusChanged Interruption(TaskState state, IReadOnlyList<Part> parts, JsonElement? metadata) =>
        Status(state, parts) with { Metadata = Checked(metadata) };

    /// <summary>The end of the task's work, with or without a message.</summary>
    public StatusChanged Completion(CompleteUpdate completed) =>
        (completed.Parts is null ? new StatusChanged { State = TaskState.Completed } : Status(TaskState.Completed, completed.Parts)) with
        {
            Metadata = Checked(completed.Metadata),
        };

    /// <summary>A message instead of the task if <paramref name="mayReply"/>; otherwise the task's status message.</summary>
    public TaskEvent Reply(ReplyUpdate reply, bool mayReply)
    {
        Require(ArtifactRules.Check(reply.Parts, "its reply"));
        var message = AgentMessages.Parts(log.Snapshot, newId(), AgentContent.Copy(reply.Parts), Checked(reply.Metadata));
        return mayReply
            ? new Replied { Message = message with { TaskId = null } }
            : new StatusChanged { State = TaskState.Completed, Message = message };
    }

    /// <summary>The failure or the rejection of the task, for a reason that the agent gives.</summary>
    public StatusChanged Failure(TaskState state, string? reason, JsonElement? metadata)
    {
        Require(string.IsNullOrWhiteSpace(reason) ? "it gave no reason" : null);
        return Failed(reason!, metadata) with { State = state };
    }

    /// <summary>The failure of the task.</summary>
    public StatusChanged Failed(string reason, JsonElement? metadata = null) =>
        new() { State = TaskState.Failed, Message = AgentMessages.Text(log.Snapshot, newId(), reason), Metadata = Checked(metadata) };

    /// <summary>Requires that no rule is broken.</summary>
    /// <param name="broken">The rule that is broken; null for none.</param>
    public static void Require(string? broken)
    {
        if (broken is not null)
            throw new IllegalUpdateException(broken);
    }

    private static JsonElement? Checked(JsonElement? metadata)
    {
        Require(ArtifactRules.Check(metadata, "its last word"));
        return AgentContent.Copy(metadata);
    }
}
