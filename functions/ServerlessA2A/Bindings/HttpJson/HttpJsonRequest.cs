using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>
/// An HTTP+JSON request, and the readers that make an operation's request of its path, query and body (A2A 1.0, sections 11.3 to 11.5).
/// </summary>
/// <param name="route">The path.</param>
/// <param name="http">The query.</param>
/// <param name="wire">The format of the body.</param>
/// <param name="body">The body; empty where the method has none.</param>
internal readonly struct HttpJsonRequest(HttpJsonRoute route, HttpRequest http, WireFormat wire, ReadOnlyMemory<byte> body)
{
    private readonly HttpJsonRoute _route = route;
    private readonly QueryParameters _query = new(http);
    private readonly WireFormat _wire = wire;
    private readonly ReadOnlyMemory<byte> _body = body;

    public SendMessageRequest SendMessage() => _wire.ReadSendMessage(RequireBody());

    public GetTaskRequest GetTask() => new()
    {
        Id = _route.TaskId!,
        HistoryLength = _query.Integer("historyLength"),
    };

    public ListTasksRequest ListTasks() => new()
    {
        ContextId = _query.Text("contextId"),
        Status = _query.State("status", _wire),
        PageSize = _query.Integer("pageSize"),
        PageToken = _query.Text("pageToken"),
        HistoryLength = _query.Integer("historyLength"),
        // The Go SDK sends the second name.
        StatusTimestampAfter = _query.Timestamp("statusTimestampAfter") ?? _query.Timestamp("lastUpdatedAfter"),
        IncludeArtifacts = _query.Flag("includeArtifacts"),
    };

    public CancelTaskRequest CancelTask()
    {
        if (!HasBody)
            return new() { Id = _route.TaskId! };
        var request = _wire.ReadCancelTask(_body);
        return request with { Id = TaskIdOfPath("id", request.Id) };
    }

    public SubscribeToTaskRequest SubscribeToTask()
    {
        if (!HasBody)
            return new() { Id = _route.TaskId! };
        var request = _wire.ReadSubscribeToTask(_body);
        return request with { Id = TaskIdOfPath("id", request.Id) };
    }

    public TaskPushNotificationConfig CreateTaskPushNotificationConfig()
    {
        var request = _wire.ReadCreateTaskPushNotificationConfig(RequireBody());
        return request with { TaskId = TaskIdOfPath("taskId", request.TaskId) };
    }

    public GetTaskPushNotificationConfigRequest GetTaskPushNotificationConfig() =>
        new() { TaskId = _route.TaskId!, Id = _route.ConfigId! };

    public ListTaskPushNotificationConfigsRequest ListTaskPushNotificationConfigs() => new()
    {
        TaskId = _route.TaskId!,
        PageSize = _query.Integer("pageSize"),
        PageToken = _query.Text("pageToken"),
    };

    public DeleteTaskPushNotificationConfigRequest DeleteTaskPushNotificationConfig() =>
        new() { TaskId = _route.TaskId!, Id = _route.ConfigId! };

    /// <summary>Whether the body has content: clients send an empty body, or <c>null</c>, for a request without members.</summary>
    private bool HasBody => !_body.IsEmpty && !_body.Span.Trim(" \t\r\n"u8).SequenceEqual("null"u8);

    private ReadOnlyMemory<byte> RequireBody() => _body.IsEmpty ? throw Faults.NoBody() : _body;

    /// <summary>The task that the path names. A body may leave it out, but not name another one.</summary>
    private string TaskIdOfPath(string field, string? named) => string.IsNullOrEmpty(named) || named == _route.TaskId
        ? _route.TaskId!
        : throw A2AException.InvalidParams(field, "differs from the task in the path");
}
