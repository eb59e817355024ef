using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>A client's message as an event of its task.</summary>
internal static class ReceivedMessages
{
    /// <summary>The message that starts a task, or answers its question.</summary>
    public static MessageReceived Of(CallContext call, SendMessageRequest request, string taskId, string contextId) => new()
    {
        Message = request.Message with { TaskId = taskId, ContextId = contextId },
        AcceptedOutputModes = AgentCards.AcceptedBy(request),
        RequestMetadata = request.Metadata,
        Sender = call.Sender,
        Extensions = call.Extensions,
    };

    /// <summary>
    /// The message to a task that is there: an answer where the task is interrupted, otherwise one that is added to the agent's work.
    /// </summary>
    public static TaskEvent Of(CallContext call, SendMessageRequest request, TaskSnapshot task)
    {
        var received = Of(call, request, task.Id, task.Task.ContextId!);
        return task.State.IsInterrupted() ? received : new MessageAdded
        {
            Message = received.Message,
            AcceptedOutputModes = received.AcceptedOutputModes,
            RequestMetadata = received.RequestMetadata,
            Sender = received.Sender,
            Extensions = received.Extensions,
        };
    }
}
