using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server.Model;
using ServerlessA2A.Grpc.Messages;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Grpc;

/// <summary>The methods of both versions (A2A 1.0, section 10; 0.3, section 7).</summary>
internal sealed class GrpcMethods : IServiceMethodProvider<GrpcBinding>
{
    private static readonly Empty Nothing = new();

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<GrpcBinding> context)
    {
        AddV1(new GrpcService(context, V1.A2AService.Descriptor, ProtocolVersion.V1_0, WireFormat.V1));
        AddV0_3(new GrpcService(context, V0_3.A2AService.Descriptor, ProtocolVersion.V0_3, WireFormat.V0_3Http));
    }

    private static void AddV1(GrpcService service)
    {
        service.AddUnary(
            "SendMessage", table => table.SendMessage, (V1.SendMessageRequest request) => RequestProto.Read(request), TaskProto.Write);
        service.AddStream(
            "SendStreamingMessage",
            table => table.SendStreamingMessage,
            (V1.SendMessageRequest request) => RequestProto.Read(request),
            item => TaskProto.Write(item.Response));
        service.AddUnary(
            "GetTask", table => table.GetTask, (V1.GetTaskRequest request) => RequestProto.Read(request), TaskProto.Write);
        service.AddUnary(
            "ListTasks", table => table.ListTasks, (V1.ListTasksRequest request) => RequestProto.Read(request), TaskProto.Write);
        service.AddUnary(
            "CancelTask", table => table.CancelTask, (V1.CancelTaskRequest request) => RequestProto.Read(request), TaskProto.Write);
        service.AddStream(
            "SubscribeToTask",
            table => table.SubscribeToTask,
            (V1.SubscribeToTaskRequest request) => RequestProto.Read(request),
            item => TaskProto.Write(item.Response));
        service.AddUnary(
            "CreateTaskPushNotificationConfig",
            table => table.CreateTaskPushNotificationConfig,
            (V1.TaskPushNotificationConfig request) => WebhookProto.Read(request),
            WebhookProto.Write);
        service.AddUnary(
            "GetTaskPushNotificationConfig",
            table => table.GetTaskPushNotificationConfig,
            (V1.GetTaskPushNotificationConfigRequest request) => WebhookProto.Read(request),
            WebhookProto.Write);
        service.AddUnary(
            "ListTaskPushNotificationConfigs",
            table => table.ListTaskPushNotificationConfigs,
            (V1.ListTaskPushNotificationConfigsRequest request) => WebhookProto.Read(request),
            WebhookProto.Write);
        service.AddUnary(
            "DeleteTaskPushNotificationConfig",
            table => table.DeleteTaskPushNotificationConfig,
            (V1.DeleteTaskPushNotificationConfigRequest request) => WebhookProto.Read(request),
            _ => Nothing);
        service.AddUnary(
            "GetExtendedAgentCard",
            table => table.GetExtendedAgentCard,
            (V1.GetExtendedAgentCardRequest request) => RequestProto.Read(request),
            card => ProtoJson.Read<V1.AgentCard>(json => WireFormat.V1.WriteCard(json, card)));
    }

    private static void AddV0_3(GrpcService service)
    {
        var wire = service.Wire;
        service.AddUnary(
            "SendMessage",
            table => table.SendMessage,
            (V0_3.SendMessageRequest request) => RequestProto0_3.Read(request),
            result => ProtoJson.Read<V0_3.SendMessageResponse>(json => wire.WriteSendMessageResponse(json, result)));
        service.AddStream(
            "SendStreamingMessage",
            table => table.SendStreamingMessage,
            (V0_3.SendMessageRequest request) => RequestProto0_3.Read(request),
            item => ProtoJson.Read<V0_3.StreamResponse>(json => wire.WriteStreamResponse(json, item.Response, item.IsFinal)));
        service.AddUnary(
            "GetTask",
            table => table.GetTask,
            (V0_3.GetTaskRequest request) => RequestProto0_3.Read(request),
            task => ProtoJson.Read<V0_3.Task>(json => wire.WriteTask(json, task)));
        service.AddUnary(
            "CancelTask",
            table => table.CancelTask,
            (V0_3.CancelTaskRequest request) => RequestProto0_3.Read(request),
            task => ProtoJson.Read<V0_3.Task>(json => wire.WriteTask(json, task)));
        service.AddStream(
            "TaskSubscription",
            table => table.SubscribeToTask,
            (V0_3.TaskSubscriptionRequest request) => RequestProto0_3.Read(request),
            item => ProtoJson.Read<V0_3.StreamResponse>(json => wire.WriteStreamResponse(json, item.Response, item.IsFinal)));
        service.AddUnary(
            "CreateTaskPushNotificationConfig",
            table => table.CreateTaskPushNotificationConfig,
            (V0_3.CreateTaskPushNotificationConfigRequest request) => RequestProto0_3.Read(request),
            config => ProtoJson.Read<V0_3.TaskPushNotificationConfig>(json => wire.WriteTaskPushNotificationConfig(json, config)));
        service.AddUnary(
            "GetTaskPushNotificationConfig",
            table => table.GetTaskPushNotificationConfig,
            (V0_3.GetTaskPushNotificationConfigRequest request) => RequestProto0_3.Read(request),
            config => ProtoJson.Read<V0_3.TaskPushNotificationConfig>(json => wire.WriteTaskPushNotificationConfig(json, config)));
        service.AddUnary(
            "ListTaskPushNotificationConfig",
            table => table.ListTaskPushNotificationConfigs,
            (V0_3.ListTaskPushNotificationConfigRequest request) => RequestProto0_3.Read(request),
            page => ProtoJson.Read<V0_3.ListTaskPushNotificationConfigResponse>(json => wire.WriteTaskPushNotificationConfigs(json, page)));
        service.AddUnary(
            "DeleteTaskPushNotificationConfig",
            table => table.DeleteTaskPushNotificationConfig,
            (V0_3.DeleteTaskPushNotificationConfigRequest request) => RequestProto0_3.Read(request),
            _ => Nothing);
        service.AddUnary(
            "GetAgentCard",
            table => table.GetExtendedAgentCard,
            (V0_3.GetAgentCardRequest request) => RequestProto0_3.Read(request),
            card => ProtoJson.Read<V0_3.AgentCard>(json => wire.WriteCard(json, card)));
    }
}
