using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol;

/// <content>The client's side: writes requests and reads results.</content>
/// <remarks>Readers accept what published servers send. A missing member stays null, which the client reports.</remarks>
internal abstract partial class WireFormat
{
    /// <summary>Writes a message to send.</summary>
    public abstract void WriteSendMessage(Utf8JsonWriter writer, SendMessageRequest request);

    /// <summary>Writes a request for a task.</summary>
    public abstract void WriteGetTask(Utf8JsonWriter writer, GetTaskRequest request);

    /// <summary>Writes a request for a list of tasks, which 0.3 has in the query of HTTP+JSON only.</summary>
    public static void WriteListTasks(Utf8JsonWriter writer, ListTasksRequest request) => ProtocolJson.Write(writer, request);

    /// <summary>Writes a request to cancel a task.</summary>
    public abstract void WriteCancelTask(Utf8JsonWriter writer, CancelTaskRequest request);

    /// <summary>Writes a request for a task's events.</summary>
    public abstract void WriteSubscribeToTask(Utf8JsonWriter writer, SubscribeToTaskRequest request);

    /// <summary>Writes a webhook to create.</summary>
    public virtual void WriteCreateTaskPushNotificationConfig(Utf8JsonWriter writer, TaskPushNotificationConfig config) =>
        WriteTaskPushNotificationConfig(writer, config);

    /// <summary>Writes a request for a webhook.</summary>
    public abstract void WriteGetTaskPushNotificationConfig(Utf8JsonWriter writer, GetTaskPushNotificationConfigRequest request);

    /// <summary>Writes a request for a task's webhooks.</summary>
    public abstract void WriteListTaskPushNotificationConfigs(Utf8JsonWriter writer, ListTaskPushNotificationConfigsRequest request);

    /// <summary>Writes a request to delete a webhook.</summary>
    public abstract void WriteDeleteTaskPushNotificationConfig(Utf8JsonWriter writer, DeleteTaskPushNotificationConfigRequest request);

    /// <summary>Reads the response to a message.</summary>
    /// <exception cref="A2AException">ParseError, or InvalidParams naming the field.</exception>
    public SendMessageResponse ReadSendMessageResponse(ReadOnlyMemory<byte> utf8)
    {
        var response = ReadStreamResponse(utf8);
        return new() { Task = response.Task, Message = response.Message };
    }

    /// <summary>Reads an item of a stream.</summary>
    /// <inheritdoc cref="ReadSendMessageResponse" path="/exception"/>
    public abstract StreamResponse ReadStreamResponse(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a task: the result of get and cancel, and the body of 0.3's webhook deliveries.</summary>
    /// <inheritdoc cref="ReadSendMessageResponse" path="/exception"/>
    public abstract A2ATask ReadTask(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a page of tasks.</summary>
    /// <inheritdoc cref="ReadSendMessageResponse" path="/exception"/>
    public abstract ListTasksResponse ReadTasks(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a webhook.</summary>
    /// <inheritdoc cref="ReadSendMessageResponse" path="/exception"/>
    public TaskPushNotificationConfig ReadTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8) =>
        ReadCreateTaskPushNotificationConfig(utf8);

    /// <summary>Reads a page of a task's webhooks.</summary>
    /// <inheritdoc cref="ReadSendMessageResponse" path="/exception"/>
    public abstract ListTaskPushNotificationConfigsResponse ReadTaskPushNotificationConfigs(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a card of either version, or of both.</summary>
    /// <inheritdoc cref="ReadSendMessageResponse" path="/exception"/>
    public static AgentCard ReadCard(ReadOnlyMemory<byte> utf8) => ProtocolJson.Read<AgentCard>(utf8);
}
