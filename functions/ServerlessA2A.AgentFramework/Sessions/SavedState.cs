using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ServerlessA2A.AgentFramework.Questions;
using ServerlessA2A.AgentFramework.Remote;
using ServerlessA2A.AgentFramework.Workflows;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Conversations;

namespace ServerlessA2A.AgentFramework.Sessions;

/// <summary>The checkpoint of a hosted agent: its session, and what the session lacks.</summary>
internal sealed record SavedState
{
    private const int CurrentVersion = 1;

    /// <summary>Tells this checkpoint from those of other agents.</summary>
    public int AgentFramework { get; init; } = CurrentVersion;

    /// <summary>The session, as the agent has serialized it; null for a new one.</summary>
    public JsonElement? Session { get; init; }

    /// <summary>The newest checkpoint of the workflow; null for an agent that is none.</summary>
    public SavedStep? Step { get; init; }

    /// <summary>
    /// Messages that the session lacks: of an unfinished run those of the client, the model's and the results of tools; files that came
    /// with an answer while other questions are open.
    /// </summary>
    public IReadOnlyList<ChatMessage> Unsaved { get; init; } = [];

    /// <summary>The calls of remote agents of an unfinished run that have no result.</summary>
    public IReadOnlyList<RemoteCall> Calls { get; init; } = [];

    /// <summary>What the client was asked, as long as something is unanswered.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>The number of the client's messages that the session or <see cref="Unsaved"/> holds.</summary>
    public int Heard { get; init; }

    /// <summary>Whether those messages are answered.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>Why those messages have no usable answer; null if they have one.</summary>
    public string? Failure { get; init; }

    /// <summary>Why the answer is not whole, such as <c>length</c>; null if it is.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Whether the run was left amid a text, which the next run continues.</summary>
    public bool BreaksOff { get; init; }

    /// <summary>The task's usage so far.</summary>
    public UsageTotals Usage { get; init; } = new();

    /// <summary>What the next task of the conversation continues from: the session alone.</summary>
    public SavedState ForNextTask() => new() { Session = Session, Step = Step };

    /// <summary>Reads a checkpoint; null if it is of another version or another agent.</summary>
    /// <exception cref="JsonException">The checkpoint is damaged, or of another agent.</exception>
    public static SavedState? Read(ReadOnlyMemory<byte> checkpoint)
    {
        using var json = JsonDocument.Parse(checkpoint);
        return json.RootElement.ValueKind == JsonValueKind.Object &&
            json.RootElement.TryGetProperty("agentFramework", out var version) &&
            version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number == CurrentVersion
            ? json.RootElement.Deserialize<SavedState>(ChatJson.Options)
            : null;
    }

    /// <summary>The usage so far and the finish reason, for the task's metadata; null if there is neither.</summary>
    public JsonElement? ToMetadata()
    {
        var metadata = new JsonObject();
        if (Usage.Calls > 0)
            metadata["usage"] = Usage.ToJson();
        if (FinishReason is not null)
            metadata["finishReason"] = FinishReason;
        return metadata.Count == 0 ? null : ChatJson.ToElement(metadata);
    }

    /// <summary>Writes the checkpoint.</summary>
    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, ChatJson.Options);
}
