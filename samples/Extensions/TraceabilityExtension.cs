using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;

namespace Extensions;

/// <summary>
/// The public extension "traceability": the steps that led to an artifact. The agent records them with <see cref="Begin"/>.
/// </summary>
public sealed class TraceabilityExtension(TimeProvider time) : IA2AExtension
{
    private const string Name = "github.com/a2aproject/a2a-samples/extensions/traceability/v1";

    private readonly ConditionalWeakTable<AgentContext, List<Step>> _steps = [];

    public string Uri => $"https://{Name}";

    public string Description => "Adds the steps that led to an artifact.";

    /// <summary>Begins a step of a run; it ends when it is disposed of.</summary>
    public IDisposable Begin(AgentContext run, string tool)
    {
        var step = new Step(run.TaskId, $"{Guid.NewGuid()}", "TOOL", tool, time);
        _steps.GetOrCreateValue(run).Add(step);
        return step;
    }

    public JsonElement? MetadataFor(Artifact artifact, AgentContext run) => _steps.TryGetValue(run, out var steps)
        ? JsonSerializer.SerializeToElement(new Dictionary<string, Trace> { [$"{Name}/traceability"] = new(run.TaskId, steps) })
        : null;

    private sealed record Trace(
        [property: JsonPropertyName("trace_id")] string TraceId, [property: JsonPropertyName("steps")] IReadOnlyList<Step> Steps);

    private sealed class Step(string traceId, string stepId, string callType, string name, TimeProvider time) : IDisposable
    {
        [JsonPropertyName("step_id")]
        public string StepId => stepId;

        [JsonPropertyName("trace_id")]
        public string TraceId => traceId;

        [JsonPropertyName("call_type")]
        public string CallType => callType;

        [JsonPropertyName("name")]
        public string Name => name;

        [JsonPropertyName("start_time")]
        public DateTime StartTime { get; } = time.GetUtcNow().UtcDateTime;

        [JsonPropertyName("end_time")]
        public DateTime? EndTime { get; private set; }

        public void Dispose() => EndTime = time.GetUtcNow().UtcDateTime;
    }
}
