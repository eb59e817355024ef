using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;

namespace Extensions;

/// <summary>The public extension "timestamp": the time at which each message and artifact was produced.</summary>
public sealed class TimestampExtension(TimeProvider time) : IA2AExtension
{
    private const string Name = "github.com/a2aproject/a2a-samples/extensions/timestamp/v1";

    public string Uri => $"https://{Name}";

    public string Description => "Adds timestamps to messages and artifacts.";

    public JsonElement? MetadataFor(Message message, AgentContext run) => Now();

    public JsonElement? MetadataFor(Artifact artifact, AgentContext run) => Now();

    private JsonElement Now() =>
        JsonSerializer.SerializeToElement(new Dictionary<string, DateTime> { [$"{Name}/timestamp"] = time.GetUtcNow().UtcDateTime });
}
