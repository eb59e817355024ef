using System.Text.Json;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol;

/// <content>The client's side.</content>
internal sealed partial class V1Format
{
    public override void WriteSendMessage(Utf8JsonWriter writer, SendMessageRequest request) => ProtocolJson.Write(writer, request);

    public override void WriteGetTask(Utf8JsonWriter writer, GetTaskRequest request) => ProtocolJson.Write(writer, request);

    public override void WriteCancelTask(Utf8JsonWriter writer, CancelTaskRequest request) => ProtocolJson.Write(writer, request);

    public override void WriteSubscribeToTask(Utf8JsonWriter writer, SubscribeToTaskRequest request) =>
        ProtocolJson.Write(writer, request);

    public override void WriteGetTaskPushNotificationConfig(Utf8JsonWriter writer, GetTaskPushNotificationConfigRequest request) =>
        ProtocolJson.Write(writer, request);

    public override void WriteListTaskPushNotificationConfigs(Utf8JsonWriter writer, ListTaskPushNotificationConfigsRequest request) =>
        ProtocolJson.Write(writer, request);

    public override void WriteDeleteTaskPushNotificationConfig(Utf8JsonWriter writer, DeleteTaskPushNotificationConfigRequest request) =>
        ProtocolJson.Write(writer, request);

    public override StreamResponse ReadStreamResponse(ReadOnlyMemory<byte> utf8) => ProtocolJson.Read<StreamResponse>(utf8);

    public override A2ATask ReadTask(ReadOnlyMemory<byte> utf8) => ProtocolJson.Read<A2ATask>(utf8);

    public override ListTasksResponse ReadTasks(ReadOnlyMemory<byte> utf8) => ProtocolJson.Read<ListTasksResponse>(utf8);

    public override ListTaskPushNotificationConfigsResponse ReadTaskPushNotificationConfigs(ReadOnlyMemory<byte> utf8) =>
        ProtocolJson.Read<ListTaskPushNotificationConfigsResponse>(utf8);
}
