using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Bindings.Http;

/// <summary>
/// What a request did, for a log of requests: a feature of the HTTP request, which such a log sets to have it filled in. With JSON-RPC,
/// path and status show neither the operation nor its failure.
/// </summary>
internal sealed class OperationRecord
{
    /// <summary>The operation of A2A 1.0, section 3.1, such as <c>SendMessage</c>; null for other requests.</summary>
    public string? Operation { get; set; }

    /// <summary>The task of the response; null for none.</summary>
    public string? TaskId { get; private set; }

    /// <summary>The task's state in the response, or at the end of the stream.</summary>
    public TaskState? State { get; private set; }

    /// <summary>The error that was answered; null for none.</summary>
    public A2AError? Error { get; set; }

    /// <summary>Takes note of a result or of an item of a stream.</summary>
    public void Answered(object? result)
    {
        switch (result)
        {
            case A2ATask task:
                (TaskId, State) = (task.Id, task.Status.State);
                break;
            case SendMessageResponse { Task: { } task }:
                (TaskId, State) = (task.Id, task.Status.State);
                break;
            case StreamResponse { Task: { } task }:
                (TaskId, State) = (task.Id, task.Status.State);
                break;
            case StreamResponse { StatusUpdate: { } update }:
                (TaskId, State) = (update.TaskId, update.Status.State);
                break;
            case StreamResponse { ArtifactUpdate: { } update }:
                TaskId = update.TaskId;
                break;
        }
    }
}
