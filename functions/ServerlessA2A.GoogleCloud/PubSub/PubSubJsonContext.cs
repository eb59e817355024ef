using System.Text.Json.Serialization;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>The JSON of Pub/Sub messages and of what this project puts into them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PubSubEvent))]
[JsonSerializable(typeof(RunRequest))]
internal sealed partial class PubSubJsonContext : JsonSerializerContext;
