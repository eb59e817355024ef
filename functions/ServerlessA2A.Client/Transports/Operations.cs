using System.Globalization;
using System.Text;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Client.Transports;

/// <summary>The operations of the protocol (A2A 1.0, sections 3.1 and 5.3).</summary>
internal static class Operations
{
    public static Operation<SendMessageRequest, SendMessageResponse> SendMessage { get; } = new(
        "SendMessage", "message/send", HttpMethod.Post, _ => "message:send",
        request => request.Tenant,
        (wire, json, request) => wire.WriteSendMessage(json, request),
        (wire, json) => wire.ReadSendMessageResponse(json),
        response => IsComplete(response.Task) || IsComplete(response.Message));

    public static Operation<SendMessageRequest, StreamResponse> SendStreamingMessage { get; } = new(
        "SendStreamingMessage", "message/stream", HttpMethod.Post, _ => "message:stream",
        request => request.Tenant,
        (wire, json, request) => wire.WriteSendMessage(json, request),
        (wire, json) => wire.ReadStreamResponse(json),
        IsComplete);

    public static Operation<GetTaskRequest, A2ATask> GetTask { get; } = new(
        "GetTask", "tasks/get", HttpMethod.Get,
        request => new Query($"tasks/{Id(request.Id)}").Add("historyLength", request.HistoryLength).ToString(),
        request => request.Tenant,
        (wire, json, request) => wire.WriteGetTask(json, request),
        (wire, json) => wire.ReadTask(json),
        IsComplete);

    /// <summary>0.3 lists tasks over HTTP+JSON only.</summary>
    public static Operation<ListTasksRequest, ListTasksResponse> ListTasks { get; } = new(
        "ListTasks", null, HttpMethod.Get, Path,
        request => request.Tenant,
        (_, json, request) => WireFormat.WriteListTasks(json, request),
        (wire, json) => wire.ReadTasks(json),
        page => page.Tasks.All(IsComplete));

    public static Operation<CancelTaskRequest, A2ATask> CancelTask { get; } = new(
        "CancelTask", "tasks/cancel", HttpMethod.Post, request => $"tasks/{Id(request.Id)}:cancel",
        request => request.Tenant,
        (wire, json, request) => wire.WriteCancelTask(json, request),
        (wire, json) => wire.ReadTask(json),
        IsComplete);

    /// <summary>GET in the proto file, POST in the text of the specification.</summary>
    public static Operation<SubscribeToTaskRequest, StreamResponse> SubscribeToTask { get; } = new(
        "SubscribeToTask", "tasks/resubscribe", HttpMethod.Get, request => $"tasks/{Id(request.Id)}:subscribe",
        request => request.Tenant,
        (wire, json, request) => wire.WriteSubscribeToTask(json, request),
        (wire, json) => wire.ReadStreamResponse(json),
        IsComplete);

    public static Operation<TaskPushNotificationConfig, TaskPushNotificationConfig> CreateWebhook { get; } = new(
        "CreateTaskPushNotificationConfig", "tasks/pushNotificationConfig/set", HttpMethod.Post,
        config => $"tasks/{Id(config.TaskId!)}/pushNotificationConfigs",
        request => request.Tenant,
        (wire, json, config) => wire.WriteCreateTaskPushNotificationConfig(json, config),
        (wire, json) => wire.ReadTaskPushNotificationConfig(json),
        config => config.Url is not null);

    public static Operation<GetTaskPushNotificationConfigRequest, TaskPushNotificationConfig> GetWebhook { get; } = new(
        "GetTaskPushNotificationConfig", "tasks/pushNotificationConfig/get", HttpMethod.Get,
        request => $"tasks/{Id(request.TaskId)}/pushNotificationConfigs/{Id(request.Id)}",
        request => request.Tenant,
        (wire, json, request) => wire.WriteGetTaskPushNotificationConfig(json, request),
        (wire, json) => wire.ReadTaskPushNotificationConfig(json),
        config => config.Url is not null);

    public static Operation<ListTaskPushNotificationConfigsRequest, ListTaskPushNotificationConfigsResponse> ListWebhooks { get; } = new(
        "ListTaskPushNotificationConfigs", "tasks/pushNotificationConfig/list", HttpMethod.Get,
        request => new Query($"tasks/{Id(request.TaskId)}/pushNotificationConfigs").Add("pageToken", request.PageToken).ToString(),
        request => request.Tenant,
        (wire, json, request) => wire.WriteListTaskPushNotificationConfigs(json, request),
        (wire, json) => wire.ReadTaskPushNotificationConfigs(json),
        _ => true);

    public static Operation<DeleteTaskPushNotificationConfigRequest, bool> DeleteWebhook { get; } = new(
        "DeleteTaskPushNotificationConfig", "tasks/pushNotificationConfig/delete", HttpMethod.Delete,
        request => $"tasks/{Id(request.TaskId)}/pushNotificationConfigs/{Id(request.Id)}",
        request => request.Tenant,
        (wire, json, request) => wire.WriteDeleteTaskPushNotificationConfig(json, request),
        (_, _) => true,
        _ => true);

    /// <summary>HTTP+JSON 0.3 has another path for it: <c>card</c>.</summary>
    public static Operation<GetExtendedAgentCardRequest, AgentCard> GetExtendedCard { get; } = new(
        "GetExtendedAgentCard", "agent/getAuthenticatedExtendedCard", HttpMethod.Get, _ => "extendedAgentCard",
        request => request.Tenant,
        (_, json, request) => ProtocolJson.Write(json, request),
        (_, json) => WireFormat.ReadCard(json),
        _ => true);

    private static bool IsComplete(A2ATask? task) =>
        task is { Id: not null, Status: not null } && (task.Artifacts ?? []).All(artifact => artifact.ArtifactId is not null);

    private static bool IsComplete(Message? message) => message is { MessageId: not null };

    /// <summary>Whether an event has what everyone who gets it relies on.</summary>
    internal static bool IsComplete(StreamResponse item) =>
        IsComplete(item.Task) || IsComplete(item.Message) || item.StatusUpdate is { TaskId: not null, Status: not null } ||
        item.ArtifactUpdate is { TaskId: not null, Artifact.ArtifactId: not null };

    private static string Path(ListTasksRequest request) => new Query("tasks")
        .Add("contextId", request.ContextId)
        .Add("status", request.Status is { } state ? TaskStateNames.ToName(state) : null)
        .Add("pageSize", request.PageSize)
        .Add("pageToken", request.PageToken)
        .Add("historyLength", request.HistoryLength)
        .Add("statusTimestampAfter", request.StatusTimestampAfter?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))
        .Add("includeArtifacts", request.IncludeArtifacts is { } included ? (included ? "true" : "false") : null)
        .ToString();

    private static string Id(string id) => Uri.EscapeDataString(id);

    private sealed class Query(string path)
    {
        private readonly StringBuilder _text = new(path);
        private char _separator = '?';

        public Query Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

        public Query Add(string name, string? value)
        {
            if (string.IsNullOrEmpty(value)) return this;
            _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
            return this;
        }

        public override string ToString() => _text.ToString();
    }
}
