using System.Text;
using System.Text.Json;
using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;

namespace ServerlessA2A.Bindings.JsonRpc;

/// <summary>The methods of both versions (A2A 1.0, section 9.4; 0.3, section 7).</summary>
internal sealed class JsonRpcMethods
{
    private readonly (byte[] Name, JsonRpcMethod Method)[] _methods;

    public JsonRpcMethods(OperationTable operations)
    {
        // The commonest first: a name is found by comparing, and most differ in length.
        var (v1, v0_3) = (WireFormat.V1, WireFormat.V0_3JsonRpc);
        JsonRpcMethod[] methods =
        [
            New("GetTask", operations.GetTask, v1.ReadGetTask),
            New("SendMessage", operations.SendMessage, v1.ReadSendMessage),
            New("SendStreamingMessage", operations.SendStreamingMessage, v1.ReadSendMessage),
            Old("tasks/get", operations.GetTask, v0_3.ReadGetTask),
            Old("message/send", operations.SendMessage, v0_3.ReadSendMessage),
            Old("message/stream", operations.SendStreamingMessage, v0_3.ReadSendMessage),
            New("ListTasks", operations.ListTasks, v1.ReadListTasks),
            New("CancelTask", operations.CancelTask, v1.ReadCancelTask),
            New("SubscribeToTask", operations.SubscribeToTask, v1.ReadSubscribeToTask),
            New("CreateTaskPushNotificationConfig", operations.CreateTaskPushNotificationConfig, v1.ReadCreateTaskPushNotificationConfig),
            New("GetTaskPushNotificationConfig", operations.GetTaskPushNotificationConfig, v1.ReadGetTaskPushNotificationConfig),
            New("ListTaskPushNotificationConfigs", operations.ListTaskPushNotificationConfigs, v1.ReadListTaskPushNotificationConfigs),
            New("DeleteTaskPushNotificationConfig", operations.DeleteTaskPushNotificationConfig, v1.ReadDeleteTaskPushNotificationConfig),
            // Published versions of the .NET SDK send this name.
            New("ListTaskPushNotificationConfig", operations.ListTaskPushNotificationConfigs, v1.ReadListTaskPushNotificationConfigs),
            // The params hold a tenant at most, in 1.0; 0.3 has none.
            New("GetExtendedAgentCard", operations.GetExtendedAgentCard, ProtocolJson.Read<GetExtendedAgentCardRequest>),
            Old("tasks/cancel", operations.CancelTask, v0_3.ReadCancelTask),
            Old("tasks/resubscribe", operations.SubscribeToTask, v0_3.ReadSubscribeToTask) with { AnswersErrorsAsEvents = true },
            Old("tasks/pushNotificationConfig/set", operations.CreateTaskPushNotificationConfig, v0_3.ReadCreateTaskPushNotificationConfig),
            Old("tasks/pushNotificationConfig/get", operations.GetTaskPushNotificationConfig, v0_3.ReadGetTaskPushNotificationConfig),
            Old("tasks/pushNotificationConfig/list", operations.ListTaskPushNotificationConfigs, v0_3.ReadListTaskPushNotificationConfigs),
            Old("tasks/pushNotificationConfig/delete", operations.DeleteTaskPushNotificationConfig,
            v0_3.ReadDeleteTaskPushNotificationConfig),
            Old("agent/getAuthenticatedExtendedCard", operations.GetExtendedAgentCard, ProtocolJson.Read<GetExtendedAgentCardRequest>),
        ];
        _methods = Array.ConvertAll(methods, method => (Encoding.UTF8.GetBytes(method.Name), method));
    }

    /// <summary>The method that the reader's string names, or null.</summary>
    public JsonRpcMethod? Find(ref Utf8JsonReader reader)
    {
        foreach (var (name, method) in _methods)
        {
            if (reader.ValueTextEquals(name))
                return method;
        }

        return null;
    }

    private static JsonRpcMethod New<TRequest>(string name, Operation<TRequest> operation, Func<ReadOnlyMemory<byte>, TRequest> read) =>
        new(name, BoundOperation<ReadOnlyMemory<byte>>.Of(operation, read), ProtocolVersion.V1_0);

    private static JsonRpcMethod Old<TRequest>(string name, Operation<TRequest> operation, Func<ReadOnlyMemory<byte>, TRequest> read) =>
        new(name, BoundOperation<ReadOnlyMemory<byte>>.Of(operation, read), ProtocolVersion.V0_3);
}
