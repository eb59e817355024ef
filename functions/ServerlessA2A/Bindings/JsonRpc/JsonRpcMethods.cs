using System.Text;
using System.Text.Json;
using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Bindings.JsonRpc;

/// <summary>The methods of both versions (A2A 1.0, section 9.4; 0.3, section 7).</summary>
internal sealed class JsonRpcMethods
{
    private readonly (byte[] Name, JsonRpcMethod Method)[] _methods;

    public JsonRpcMethods(OperationTable operations)
    {
        // The commonest first: a name is found by comparing, and most differ in their length already.
        JsonRpcMethod[] methods =
        [
            New("GetTask", operations.GetTask),
            New("SendMessage", operations.SendMessage),
            New("SendStreamingMessage", operations.SendStreamingMessage),
            Old("tasks/get", operations.GetTask),
            Old("message/send", operations.SendMessage),
            Old("message/stream", operations.SendStreamingMessage),
            New("ListTasks", operations.ListTasks),
            New("CancelTask", operations.CancelTask),
            New("SubscribeToTask", operations.SubscribeToTask),
            New("CreateTaskPushNotificationConfig", operations.CreateTaskPushNotificationConfig),
            New("GetTaskPushNotificationConfig", operations.GetTaskPushNotificationConfig),
            New("ListTaskPushNotificationConfigs", operations.ListTaskPushNotificationConfigs),
            New("DeleteTaskPushNotificationConfig", operations.DeleteTaskPushNotificationConfig),
            // What published versions of the .NET SDK call it.
            New("ListTaskPushNotificationConfig", operations.ListTaskPushNotificationConfigs),
            New("GetExtendedAgentCard", operations.GetExtendedAgentCard),
            Old("tasks/cancel", operations.CancelTask),
            Old("tasks/resubscribe", operations.SubscribeToTask),
            Old("tasks/pushNotificationConfig/set", operations.CreateTaskPushNotificationConfig),
            Old("tasks/pushNotificationConfig/get", operations.GetTaskPushNotificationConfig),
            Old("tasks/pushNotificationConfig/list", operations.ListTaskPushNotificationConfigs),
            Old("tasks/pushNotificationConfig/delete", operations.DeleteTaskPushNotificationConfig),
            Old("agent/getAuthenticatedExtendedCard", operations.GetExtendedAgentCard),
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

    private static JsonRpcMethod New(string name, Operation operation) => new(name, operation, ProtocolVersion.V1_0);

    private static JsonRpcMethod Old(string name, Operation operation) => new(name, operation, ProtocolVersion.V0_3);
}
