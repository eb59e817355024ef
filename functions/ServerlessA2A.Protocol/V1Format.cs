using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol;

/// <summary>A2A 1.0, whose JSON maps directly to the records.</summary>
internal sealed partial class V1Format : WireFormat
{
    public override string Version => "1.0";

    public override SendMessageRequest ReadSendMessage(ReadOnlyMemory<byte> utf8) => ProtocolJson.Read<SendMessageRequest>(utf8);

    public override GetTaskRequest ReadGetTask(ReadOnlyMemory<byte> utf8) => ProtocolJson.Read<GetTaskRequest>(utf8);

    public override ListTasksRequest ReadListTasks(ReadOnlyMemory<byte> utf8) => ProtocolJson.Read<ListTasksRequest>(utf8);

    public override CancelTaskRequest ReadCancelTask(ReadOnlyMemory<byte> utf8) => ProtocolJson.Read<CancelTaskRequest>(utf8);

    public override SubscribeToTaskRequest ReadSubscribeToTask(ReadOnlyMemory<byte> utf8) =>
        ProtocolJson.Read<SubscribeToTaskRequest>(utf8);

    public override TaskPushNotificationConfig ReadCreateTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8) =>
        ProtocolJson.Read<TaskPushNotificationConfig>(utf8);

    public override GetTaskPushNotificationConfigRequest ReadGetTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8) =>
        ProtocolJson.Read<GetTaskPushNotificationConfigRequest>(utf8);

    public override ListTaskPushNotificationConfigsRequest ReadListTaskPushNotificationConfigs(ReadOnlyMemory<byte> utf8) =>
        ProtocolJson.Read<ListTaskPushNotificationConfigsRequest>(utf8);

    public override DeleteTaskPushNotificationConfigRequest ReadDeleteTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8) =>
        ProtocolJson.Read<DeleteTaskPushNotificationConfigRequest>(utf8);

    public override bool TryParseTaskState(ReadOnlySpan<char> text, out TaskState state) => TaskStateNames.TryParse(text, out state);

    public override void WriteTask(Utf8JsonWriter writer, A2ATask task) => ProtocolJson.Write(writer, task);

    public override void WriteSendMessageResponse(Utf8JsonWriter writer, SendMessageResponse response) =>
        ProtocolJson.Write(writer, response);

    public override void WriteStreamResponse(Utf8JsonWriter writer, StreamResponse response, bool final) =>
        ProtocolJson.Write(writer, response);

    public override void WriteListTasks(Utf8JsonWriter writer, ListTasksResponse response) => ProtocolJson.Write(writer, response);

    public override void WriteTaskPushNotificationConfig(Utf8JsonWriter writer, TaskPushNotificationConfig config) =>
        ProtocolJson.Write(writer, config);

    public override void WriteTaskPushNotificationConfigs(Utf8JsonWriter writer, ListTaskPushNotificationConfigsResponse response) =>
        ProtocolJson.Write(writer, response);

    public override void WriteDeletedTaskPushNotificationConfig(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteEndObject();
    }

    public override void WriteCard(Utf8JsonWriter writer, AgentCard card) => ProtocolJson.Write(writer, card);
}
