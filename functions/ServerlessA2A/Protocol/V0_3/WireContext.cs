using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The serializer context of 0.3.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = ProtocolJson.MaxDepth,
    Converters = [typeof(Int32Converter), typeof(BooleanConverter), typeof(TimestampConverter), typeof(BytesConverter)])]

// Requests.
[JsonSerializable(typeof(WireSendRequest))]
[JsonSerializable(typeof(WireTaskParams))]

// Results and events.
[JsonSerializable(typeof(WireTask))]
[JsonSerializable(typeof(WireMessage))]
[JsonSerializable(typeof(WireStatusUpdate))]
[JsonSerializable(typeof(WireArtifactUpdate))]
[JsonSerializable(typeof(WireResult))]
[JsonSerializable(typeof(WireTaskList))]
[JsonSerializable(typeof(WireTaskPushConfig))]
[JsonSerializable(typeof(WirePushConfigList))]
[JsonSerializable(typeof(IReadOnlyList<WireTaskPushConfig>))]

// The card.
[JsonSerializable(typeof(WireAgentCard))]
internal sealed partial class WireContext : JsonSerializerContext;
