using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.Json;

/// <summary>The one serializer context of A2A 1.0. Type information is made when a type is first used.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = ProtocolJson.MaxDepth,
    Converters = [typeof(Int32Converter), typeof(BooleanConverter), typeof(TimestampConverter), typeof(BytesConverter)])]

// Requests.
[JsonSerializable(typeof(SendMessageRequest))]
[JsonSerializable(typeof(GetTaskRequest))]
[JsonSerializable(typeof(ListTasksRequest))]
[JsonSerializable(typeof(CancelTaskRequest))]
[JsonSerializable(typeof(SubscribeToTaskRequest))]
[JsonSerializable(typeof(GetTaskPushNotificationConfigRequest))]
[JsonSerializable(typeof(ListTaskPushNotificationConfigsRequest))]
[JsonSerializable(typeof(DeleteTaskPushNotificationConfigRequest))]
[JsonSerializable(typeof(GetExtendedAgentCardRequest))]

// Results and events.
[JsonSerializable(typeof(SendMessageResponse))]
[JsonSerializable(typeof(StreamResponse))]
[JsonSerializable(typeof(A2ATask))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(ListTasksResponse))]
[JsonSerializable(typeof(TaskPushNotificationConfig))]
[JsonSerializable(typeof(ListTaskPushNotificationConfigsResponse))]

// The card.
[JsonSerializable(typeof(AgentCard))]
internal sealed partial class ProtocolJsonContext : JsonSerializerContext;
