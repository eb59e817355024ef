using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Agents.AI.Workflows.Checkpointing;
using ServerlessA2A.Chat.Contents;

namespace ServerlessA2A.AgentFramework.Workflows;

/// <summary>
/// The checkpoints of one run of a workflow. The framework would keep all of them within the session; here only the newest is saved, so
/// that a long conversation does not grow with each step.
/// </summary>
internal sealed class WorkflowCheckpoints : JsonCheckpointStore
{
    private readonly ConcurrentDictionary<string, JsonElement> _values = new();
    private long _last;

    /// <param name="saved">The newest checkpoint of an earlier run; null for none.</param>
    public WorkflowCheckpoints(SavedStep? saved)
    {
        if (saved is null)
            return;
        _values[saved.CheckpointId] = saved.Value;
        _last = Number(saved.CheckpointId);
    }

    /// <summary>Whether an agent hosts a workflow.</summary>
    public static bool IsWorkflow(AIAgent agent) => agent.GetService<WorkflowAgentMetadata>() is not null;

    /// <summary>
    /// The agent with its checkpoints here. An agent that names a checkpoint manager itself, or hosts the workflow behind middleware, is
    /// returned unchanged and keeps its checkpoints where it does.
    /// </summary>
    public AIAgent Attach(AIAgent agent) =>
        agent.WithCheckpointing(CheckpointManager.CreateJson(this, ChatJson.Options));

#pragma warning disable MAAI001 // Experimental, but there is no other way to the checkpoint of a session.
    /// <summary>Keeps the session's checkpoint and drops older ones; null if it is not here.</summary>
    public SavedStep? Keep(AgentSession session)
    {
        if (session.GetService<WorkflowSessionCheckpointRecovery>()?.CurrentCheckpoint is not { } current ||
            !_values.TryGetValue(current.CheckpointId, out var value))
            return null;
        var number = Number(current.CheckpointId);
        foreach (var older in _values.Keys.Where(id => Number(id) < number))
            _values.TryRemove(older, out _);
        return new SavedStep(current.CheckpointId, value);
    }

    /// <summary>Prepares a session to continue an unfinished run at its checkpoint.</summary>
    public static void Resume(AgentSession session) => session.GetService<WorkflowSessionCheckpointRecovery>()?.TryPrepare();
#pragma warning restore MAAI001

    /// <summary>
    /// Marks the messages of an unfinished run in its serialized session as delivered. The workflow has them in its checkpoint, but version
    /// 1.28 of the framework marks them only when the run ends, and would deliver them again.
    /// </summary>
    public static JsonElement MarkDelivered(JsonElement session)
    {
        var json = JsonObject.Create(session)!;
        if (json["stateBag"]?["WorkflowChatHistoryProvider"] is not JsonObject history || history["messages"] is not JsonArray messages)
            return session;
        history["bookmark"] = messages.Count;
        return ChatJson.ToElement(json);
    }

    /// <inheritdoc/>
    public override ValueTask<CheckpointInfo> CreateCheckpointAsync(string sessionId, JsonElement value, CheckpointInfo? parent = null)
    {
        var id = Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        _values[id] = value.Clone();
        return new(new CheckpointInfo(sessionId, id));
    }

    /// <inheritdoc/>
    public override ValueTask<JsonElement> RetrieveCheckpointAsync(string sessionId, CheckpointInfo key) =>
        _values.TryGetValue(key.CheckpointId, out var value)
            ? new(value)
            : throw new KeyNotFoundException($"There is no checkpoint {key.CheckpointId} of the workflow.");

    /// <inheritdoc/>
    public override ValueTask<IEnumerable<CheckpointInfo>> RetrieveIndexAsync(string sessionId, CheckpointInfo? withParent = null) =>
        new(_values.Keys.OrderBy(Number).Select(id => new CheckpointInfo(sessionId, id)));

    private static long Number(string checkpointId) => long.Parse(checkpointId, CultureInfo.InvariantCulture);
}
