using Google.Protobuf.WellKnownTypes;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Grpc.Messages;

/// <summary>Tasks, lists of them, and what is answered to messages.</summary>
internal static class TaskProto
{
    public static V1.Task Write(A2ATask task)
    {
        var result = new V1.Task
        {
            Id = task.Id,
            ContextId = task.ContextId ?? "",
            Status = Write(task.Status),
            Metadata = FreeJson.ToStruct(task.Metadata),
        };
        result.Artifacts.AddRange((task.Artifacts ?? []).Select(MessageProto.Write));
        result.History.AddRange((task.History ?? []).Select(MessageProto.Write));
        return result;
    }

    public static V1.SendMessageResponse Write(SendMessageResponse response) => response.Task is { } task
        ? new() { Task = Write(task) }
        : new() { Message = MessageProto.Write(response.Message!) };

    public static V1.StreamResponse Write(StreamResponse response) => response switch
    {
        { Task: { } task } => new() { Task = Write(task) },
        { Message: { } message } => new() { Message = MessageProto.Write(message) },
        { StatusUpdate: { } update } => new() { StatusUpdate = Write(update) },
        { ArtifactUpdate: { } update } => new() { ArtifactUpdate = Write(update) },
        _ => new(),
    };

    public static V1.ListTasksResponse Write(ListTasksResponse response)
    {
        var result = new V1.ListTasksResponse
        {
            NextPageToken = response.NextPageToken,
            PageSize = response.PageSize,
            TotalSize = response.TotalSize,
        };
        result.Tasks.AddRange(response.Tasks.Select(Write));
        return result;
    }

    private static V1.TaskStatus Write(A2ATaskStatus status) => new()
    {
        State = (V1.TaskState)status.State,
        Message = status.Message is { } message ? MessageProto.Write(message) : null,
        Timestamp = status.Timestamp is { } moment ? TimestampOf(moment) : null,
    };

    private static V1.TaskStatusUpdateEvent Write(TaskStatusUpdateEvent update) => new()
    {
        TaskId = update.TaskId,
        ContextId = update.ContextId,
        Status = Write(update.Status),
        Metadata = FreeJson.ToStruct(update.Metadata),
    };

    private static V1.TaskArtifactUpdateEvent Write(TaskArtifactUpdateEvent update) => new()
    {
        TaskId = update.TaskId,
        ContextId = update.ContextId,
        Artifact = MessageProto.Write(update.Artifact),
        Append = update.Append,
        LastChunk = update.LastChunk,
        Metadata = FreeJson.ToStruct(update.Metadata),
    };

    /// <summary>Truncated to milliseconds, as in JSON (section 5.6.1): every binding sends the same moment.</summary>
    private static Timestamp TimestampOf(DateTimeOffset moment) =>
        Timestamp.FromDateTimeOffset(moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMillisecond)));
}
