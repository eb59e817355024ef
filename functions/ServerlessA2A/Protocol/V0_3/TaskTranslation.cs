namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Tasks and their events.</summary>
internal static class TaskTranslation
{
    public static WireTask ToV0_3(A2ATask task, Binding binding) => new()
    {
        Kind = binding == Binding.JsonRpc ? "task" : null,
        Id = task.Id,
        ContextId = task.ContextId,
        Status = ToV0_3(task.Status, binding),
        Artifacts = task.Artifacts.Translate(binding, MessageTranslation.ToV0_3),
        History = task.History.Translate(binding, MessageTranslation.ToV0_3),
        Metadata = task.Metadata,
    };

    public static A2ATask ToV1(WireTask task, Binding binding) => new()
    {
        Id = task.Id,
        ContextId = task.ContextId,
        Status = ToV1(task.Status, binding),
        Artifacts = task.Artifacts.Translate(binding, MessageTranslation.ToV1),
        History = task.History.Translate(binding, MessageTranslation.ToV1),
        Metadata = task.Metadata,
    };

    public static WireStatusUpdate ToV0_3(TaskStatusUpdateEvent update, Binding binding, bool final) => new()
    {
        Kind = binding == Binding.JsonRpc ? "status-update" : null,
        TaskId = update.TaskId,
        ContextId = update.ContextId,
        Status = ToV0_3(update.Status, binding),
        Final = ToV0_3(final, binding),
        Metadata = update.Metadata,
    };

    public static TaskStatusUpdateEvent ToV1(WireStatusUpdate update, Binding binding) => new()
    {
        TaskId = update.TaskId,
        ContextId = update.ContextId,
        Status = ToV1(update.Status, binding),
        Metadata = update.Metadata,
    };

    public static WireArtifactUpdate ToV0_3(TaskArtifactUpdateEvent update, Binding binding) => new()
    {
        Kind = binding == Binding.JsonRpc ? "artifact-update" : null,
        TaskId = update.TaskId,
        ContextId = update.ContextId,
        Artifact = MessageTranslation.ToV0_3(update.Artifact, binding),
        Append = ToV0_3(update.Append, binding),
        LastChunk = ToV0_3(update.LastChunk, binding),
        Metadata = update.Metadata,
    };

    public static TaskArtifactUpdateEvent ToV1(WireArtifactUpdate update, Binding binding) => new()
    {
        TaskId = update.TaskId,
        ContextId = update.ContextId,
        Artifact = MessageTranslation.ToV1(update.Artifact, binding),
        Append = update.Append ?? false,
        LastChunk = update.LastChunk ?? false,
        Metadata = update.Metadata,
    };

    /// <summary>HTTP+JSON wraps the item of a stream or the answer to a message; JSON-RPC writes the one that is set.</summary>
    public static WireResult ToV0_3(StreamResponse response, Binding binding, bool final) => new()
    {
        Task = response.Task is { } task ? ToV0_3(task, binding) : null,
        Msg = response.Message is { } message ? MessageTranslation.ToV0_3(message, binding) : null,
        StatusUpdate = response.StatusUpdate is { } status ? ToV0_3(status, binding, final) : null,
        ArtifactUpdate = response.ArtifactUpdate is { } artifact ? ToV0_3(artifact, binding) : null,
    };

    public static WireTaskList ToV0_3(ListTasksResponse response, Binding binding) => new()
    {
        Tasks = response.Tasks.Translate(binding, ToV0_3),
        NextPageToken = response.NextPageToken,
        PageSize = response.PageSize,
        TotalSize = response.TotalSize,
    };

    private static WireTaskStatus ToV0_3(TaskStatus status, Binding binding)
    {
        var message = status.Message is { } said ? MessageTranslation.ToV0_3(said, binding) : null;
        return new()
        {
            State = Names.Of(status.State, binding),
            Message = binding == Binding.JsonRpc ? message : null,
            Update = binding == Binding.Http ? message : null,
            Timestamp = status.Timestamp,
        };
    }

    private static TaskStatus ToV1(WireTaskStatus status, Binding binding) => new()
    {
        State = Names.ToState(status.State),
        Message = (status.Message ?? status.Update) is { } said ? MessageTranslation.ToV1(said, binding) : null,
        Timestamp = status.Timestamp,
    };

    /// <summary>JSON-RPC says false aloud (its schema requires <c>final</c>), proto leaves it out.</summary>
    private static bool? ToV0_3(bool value, Binding binding) => binding == Binding.Http && !value ? null : value;
}
