using System.Text.Json;

namespace ServerlessA2A.AgentFramework.Workflows;

/// <summary>A checkpoint of a workflow, taken after one of its steps.</summary>
/// <param name="CheckpointId">The checkpoint's id.</param>
/// <param name="Value">Its content.</param>
internal sealed record SavedStep(string CheckpointId, JsonElement Value);
