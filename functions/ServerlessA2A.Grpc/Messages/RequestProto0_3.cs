using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Protocol.V0_3;

namespace ServerlessA2A.Grpc.Messages;

/// <summary>Requests of 0.3. They name tasks and webhooks with resource names.</summary>
internal static class RequestProto0_3
{
    public static SendMessageRequest Read(V0_3.SendMessageRequest request) => WireFormat.V0_3Http.ReadSendMessage(ProtoJson.Write(request));

    /// <summary>The field has no presence, so 0 is unset.</summary>
    public static GetTaskRequest Read(V0_3.GetTaskRequest request) =>
        new() { Id = TaskIdOf("name", request.Name), HistoryLength = request.HistoryLength is 0 ? null : request.HistoryLength };

    public static CancelTaskRequest Read(V0_3.CancelTaskRequest request) => new() { Id = TaskIdOf("name", request.Name) };

    public static SubscribeToTaskRequest Read(V0_3.TaskSubscriptionRequest request) => new() { Id = TaskIdOf("name", request.Name) };

    public static TaskPushNotificationConfig Read(V0_3.CreateTaskPushNotificationConfigRequest request) =>
        WireFormat.V0_3Http.ReadCreateTaskPushNotificationConfig(ProtoJson.Write(request));

    public static GetTaskPushNotificationConfigRequest Read(V0_3.GetTaskPushNotificationConfigRequest request) => new()
    {
        TaskId = TaskIdOf("name", request.Name),
        Id = ResourceName.Parse(request.Name).ConfigId ?? TaskPushNotificationConfigReader.DefaultId,
    };

    public static DeleteTaskPushNotificationConfigRequest Read(V0_3.DeleteTaskPushNotificationConfigRequest request) =>
        new() { TaskId = TaskIdOf("name", request.Name), Id = ResourceName.Parse(request.Name).ConfigId ?? "" };

    public static ListTaskPushNotificationConfigsRequest Read(V0_3.ListTaskPushNotificationConfigRequest request) => new()
    {
        TaskId = TaskIdOf("parent", request.Parent),
        PageSize = request.PageSize,
        PageToken = MessageProto.TextUnlessEmpty(request.PageToken),
    };

    public static GetExtendedAgentCardRequest Read(V0_3.GetAgentCardRequest request) => new();

    private static string TaskIdOf(string field, string name) => ResourceName.Parse(name).TaskId
        ?? throw A2AException.InvalidParams(field, "must be the name of a task, such as tasks/TASK");
}
