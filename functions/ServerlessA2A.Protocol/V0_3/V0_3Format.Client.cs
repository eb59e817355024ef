using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.V0_3;

/// <content>The client's side.</content>
internal sealed partial class V0_3Format
{
    private readonly RequestWriter _requests = new(binding);
    private readonly ResponseReader _responses = new(new MessageReader(binding));

    public override void WriteSendMessage(Utf8JsonWriter writer, SendMessageRequest request) => _requests.Write(writer, request);

    public override void WriteGetTask(Utf8JsonWriter writer, GetTaskRequest request) =>
        RequestWriter.Write(writer, new TaskParams(request.Id, null, request.HistoryLength, null));

    public override void WriteCancelTask(Utf8JsonWriter writer, CancelTaskRequest request) =>
        RequestWriter.Write(writer, new TaskParams(request.Id, null, null, request.Metadata));

    public override void WriteSubscribeToTask(Utf8JsonWriter writer, SubscribeToTaskRequest request) =>
        RequestWriter.Write(writer, new TaskParams(request.Id, null, null, null));

    /// <summary>Servers of HTTP+JSON read the whole request of the proto file.</summary>
    public override void WriteCreateTaskPushNotificationConfig(Utf8JsonWriter writer, TaskPushNotificationConfig config)
    {
        if (binding == Binding.Http) _pushConfigs.WriteCreate(writer, config);
        else _pushConfigs.Write(writer, config);
    }

    public override void WriteGetTaskPushNotificationConfig(Utf8JsonWriter writer, GetTaskPushNotificationConfigRequest request) =>
        RequestWriter.Write(writer, new TaskParams(request.TaskId, request.Id, null, null));

    public override void WriteListTaskPushNotificationConfigs(Utf8JsonWriter writer, ListTaskPushNotificationConfigsRequest request) =>
        RequestWriter.Write(writer, new TaskParams(request.TaskId, null, null, null));

    public override void WriteDeleteTaskPushNotificationConfig(Utf8JsonWriter writer, DeleteTaskPushNotificationConfigRequest request) =>
        RequestWriter.Write(writer, new TaskParams(request.TaskId, request.Id, null, null));

    public override StreamResponse ReadStreamResponse(ReadOnlyMemory<byte> utf8) => JsonReading.Read(utf8, _responses.Read);

    public override A2ATask ReadTask(ReadOnlyMemory<byte> utf8) => ReadStreamResponse(utf8).Task!;

    public override ListTasksResponse ReadTasks(ReadOnlyMemory<byte> utf8) => JsonReading.Read(utf8, _responses.ReadTasks);

    /// <summary>JSON-RPC answers with an array, HTTP+JSON with an array in an object.</summary>
    public override ListTaskPushNotificationConfigsResponse ReadTaskPushNotificationConfigs(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'[', ..]
            ? new() { Configs = JsonReading.Read(utf8, ResponseReader.ReadWebhooks), NextPageToken = "" }
            : JsonReading.Read(utf8, ResponseReader.ReadWebhookPage);
}
