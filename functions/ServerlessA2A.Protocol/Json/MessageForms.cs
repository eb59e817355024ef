using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Json;

/// <summary>How a message is read and written.</summary>
internal sealed record MessageForm<T>(ReadMessage<T> Read, Action<Utf8JsonWriter, T> Write);

/// <summary>The messages of 1.0 by their types.</summary>
internal static class MessageForms
{
    public static MessageForm<T> Of<T>() =>
        Known<T>.Form ?? throw new NotSupportedException($"{typeof(T)} is not a message of the protocol.");

    private static object? Find(Type type)
    {
        // Requests.
        if (type == typeof(SendMessageRequest)) return Form<SendMessageRequest>(SendMessageJson.ReadRequest, SendMessageJson.Write);
        if (type == typeof(GetTaskRequest)) return Form<GetTaskRequest>(TaskRequestsJson.ReadGet, TaskRequestsJson.Write);
        if (type == typeof(ListTasksRequest)) return Form<ListTasksRequest>(ListTasksJson.ReadRequest, ListTasksJson.Write);
        if (type == typeof(CancelTaskRequest)) return Form<CancelTaskRequest>(TaskRequestsJson.ReadCancel, TaskRequestsJson.Write);
        if (type == typeof(SubscribeToTaskRequest))
            return Form<SubscribeToTaskRequest>(TaskRequestsJson.ReadSubscribe, TaskRequestsJson.Write);
        if (type == typeof(GetTaskPushNotificationConfigRequest))
            return Form<GetTaskPushNotificationConfigRequest>(
                TaskPushNotificationConfigRequestsJson.ReadGet, TaskPushNotificationConfigRequestsJson.Write);
        if (type == typeof(ListTaskPushNotificationConfigsRequest))
            return Form<ListTaskPushNotificationConfigsRequest>(
                TaskPushNotificationConfigRequestsJson.ReadList, TaskPushNotificationConfigRequestsJson.Write);
        if (type == typeof(DeleteTaskPushNotificationConfigRequest))
            return Form<DeleteTaskPushNotificationConfigRequest>(
                TaskPushNotificationConfigRequestsJson.ReadDelete, TaskPushNotificationConfigRequestsJson.Write);
        if (type == typeof(GetExtendedAgentCardRequest))
            return Form<GetExtendedAgentCardRequest>(CardRequestJson.Read, CardRequestJson.Write);

        // Results and events.
        if (type == typeof(SendMessageResponse)) return Form<SendMessageResponse>(SendMessageJson.ReadResponse, SendMessageJson.Write);
        if (type == typeof(StreamResponse)) return Form<StreamResponse>(StreamResponseJson.Read, StreamResponseJson.Write);
        if (type == typeof(ListTasksResponse)) return Form<ListTasksResponse>(ListTasksJson.ReadResponse, ListTasksJson.Write);
        if (type == typeof(TaskPushNotificationConfig)) return Form<TaskPushNotificationConfig>(
            TaskPushNotificationConfigJson.Read, TaskPushNotificationConfigJson.Write);
        if (type == typeof(ListTaskPushNotificationConfigsResponse))
            return Form<ListTaskPushNotificationConfigsResponse>(
                TaskPushNotificationConfigJson.ReadList, TaskPushNotificationConfigJson.Write);

        // Their components.
        if (type == typeof(A2ATask)) return Form<A2ATask>(TaskJson.Read, TaskJson.Write);
        if (type == typeof(A2ATaskStatus)) return Form<A2ATaskStatus>(TaskStatusJson.Read, TaskStatusJson.Write);
        if (type == typeof(TaskStatusUpdateEvent)) return Form<TaskStatusUpdateEvent>(StatusUpdateJson.Read, StatusUpdateJson.Write);
        if (type == typeof(TaskArtifactUpdateEvent))
            return Form<TaskArtifactUpdateEvent>(ArtifactUpdateJson.Read, ArtifactUpdateJson.Write);
        if (type == typeof(Artifact)) return Form<Artifact>(ArtifactJson.Read, ArtifactJson.Write);
        if (type == typeof(Message)) return Form<Message>(MessageJson.Read, MessageJson.Write);
        if (type == typeof(Part)) return Form<Part>(PartJson.Read, PartJson.Write);

        return type == typeof(AgentCard) ? Form<AgentCard>(CardReader.Read, CardJson.Write) : null;
    }

    private static MessageForm<T> Form<T>(ReadMessage<T> read, Action<Utf8JsonWriter, T> write) => new(read, write);

    private static class Known<T>
    {
        public static readonly MessageForm<T>? Form = (MessageForm<T>?)Find(typeof(T));
    }
}
