using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>Translates what the agent yields into events of the log, after checking it against the rules of the protocol.</summary>
/// <param name="task">The task that the agent works on.</param>
/// <param name="cards">The agent's cards, which tell whether it may reply with a message.</param>
/// <param name="extensions">What adds metadata to the agent's messages and artifacts.</param>
/// <param name="maxArtifactSize">How large the task's artifacts may be together, in bytes.</param>
/// <param name="time">The clock.</param>
/// <param name="newId">Makes ids of messages.</param>
internal sealed class UpdateEvents(
    LeasedTask task, AgentCards cards, RunExtensions extensions, int maxArtifactSize, TimeProvider time, IdSource newId)
{
    /// <summary>A call that is lost must not keep a task asleep for longer.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly ArtifactRules _rules = new(task.Snapshot.Task.Artifacts);
    private readonly ArtifactSizes _sizes = new(task.Snapshot.Task.Artifacts);

    /// <summary>The event that an update means.</summary>
    /// <exception cref="IllegalUpdateException">The update breaks a rule.</exception>
    /// <exception cref="AgentException">The artifacts are too large.</exception>
    public TaskEvent Translate(AgentUpdate? update) => update switch
    {
        ArtifactUpdate artifact => Chunk(artifact),
        ReportUpdate progress => Status(TaskState.Working, progress.Parts),
        SaveCheckpointUpdate checkpoint => new CheckpointSaved { Data = checkpoint.Data.ToArray(), Taken = task.Messages.CountTaken() },
        SleepUpdate sleep => Sleep(sleep),
        AskUpdate question => Interruption(TaskState.InputRequired, question.Parts, question.Metadata),
        RequireAuthorizationUpdate need => Interruption(TaskState.AuthRequired, need.Parts, need.Metadata),
        CompleteUpdate completed => Completion(completed),
        ReplyUpdate reply => Reply(reply),
        FailUpdate failed => Failure(TaskState.Failed, failed.Reason, failed.Metadata),
        RejectUpdate rejected => Failure(TaskState.Rejected, rejected.Reason, rejected.Metadata),
        _ => throw new IllegalUpdateException("it yielded null instead of an update"),
    };

    /// <summary>The outcome that an update means, where it is none of those that the agent continues after.</summary>
    /// <param name="update">The update; null where the agent has finished without one.</param>
    /// <param name="translated">Its event.</param>
    public RunOutcome Outcome(AgentUpdate? update, TaskEvent translated) => update switch
    {
        CompleteUpdate completed => Completed(translated, completed.GoOnFrom),
        ReplyUpdate or null => Completed(translated, checkpoint: null),
        _ => new RunOutcome(translated),
    };

    /// <summary>The failure of the task.</summary>
    public StatusChanged Failed(string reason, JsonElement? metadata = null) =>
        new()
        {
            State = TaskState.Failed,
            Message = extensions.Extend(AgentMessages.Text(task.Snapshot, newId(), reason)),
            Metadata = Checked(metadata),
        };

    /// <summary>Requires that no rule is broken.</summary>
    /// <param name="broken">The rule that is broken; null for none.</param>
    /// <exception cref="IllegalUpdateException">A rule is broken.</exception>
    public static void Require(string? broken)
    {
        if (broken is not null)
            throw new IllegalUpdateException(broken);
    }

    private ArtifactUpdated Chunk(ArtifactUpdate artifact)
    {
        var chunk = _rules.Accept(artifact);
        if (!chunk.Append)
            chunk = chunk with { Content = extensions.Extend(chunk.Content) };
        _sizes.Add(chunk);
        if (_sizes.Total > maxArtifactSize)
        {
            throw new AgentException(
                $"The task's artifacts are larger than {maxArtifactSize} bytes, the most that a task can hold.");
        }

        return new ArtifactUpdated { Artifact = AgentContent.Copy(chunk.Content), Append = chunk.Append, LastChunk = chunk.LastChunk };
    }

    private CheckpointSaved Sleep(SleepUpdate sleep)
    {
        Require(sleep.AtMost > TimeSpan.Zero ? null : $"it wanted to sleep for {sleep.AtMost}");
        var until = time.GetUtcMilliseconds() + (sleep.AtMost < LongestSleep ? sleep.AtMost : LongestSleep);
        return new CheckpointSaved
        {
            Data = sleep.Data.ToArray(),
            Taken = task.Messages.CountTaken(),
            HandOver = true,
            SleepUntil = Deadline.Of(task.Snapshot) is { } deadline && deadline < until ? deadline : until,
        };
    }

    private StatusChanged Status(TaskState state, IReadOnlyList<Part> parts)
    {
        Require(ArtifactRules.Check(parts, $"its {TaskStateNames.ToName(state)} message"));
        var message = AgentMessages.Parts(task.Snapshot, newId(), AgentContent.Copy(parts));
        return new StatusChanged { State = state, Message = extensions.Extend(message) };
    }

    private StatusChanged Interruption(TaskState state, IReadOnlyList<Part> parts, JsonElement? metadata) =>
        Status(state, parts) with { Metadata = Checked(metadata), Taken = task.Messages.CountTaken() };

    private StatusChanged Completion(CompleteUpdate completed) =>
        (completed.Parts is null ? new StatusChanged { State = TaskState.Completed } : Status(TaskState.Completed, completed.Parts)) with
        {
            Metadata = Checked(completed.Metadata),
        };

    /// <summary>A message instead of the task where that still reaches the client; otherwise the task's status message.</summary>
    private TaskEvent Reply(ReplyUpdate reply)
    {
        Require(cards.Replies ? null : $"it replied with a message, and is not registered as replying ({cards.Section}:Replies)");
        Require(ArtifactRules.Check(reply.Parts, "its reply"));
        var message = extensions.Extend(
            AgentMessages.Parts(task.Snapshot, newId(), AgentContent.Copy(reply.Parts), Checked(reply.Metadata)));
        return !task.HasGathered && task.MayReply
            ? new Replied { Message = message with { TaskId = null } }
            : new StatusChanged { State = TaskState.Completed, Message = message };
    }

    private StatusChanged Failure(TaskState state, string? reason, JsonElement? metadata)
    {
        Require(string.IsNullOrWhiteSpace(reason) ? "it gave no reason" : null);
        return Failed(reason!, metadata) with { State = state };
    }

    /// <summary>The agent has completed the work that it knows of: a message that it has not read gets another run.</summary>
    private RunOutcome Completed(TaskEvent outcome, ReadOnlyMemory<byte>? checkpoint) =>
        new(outcome, new RequestAdvanced { Taken = task.Messages.CountTaken(), Checkpoint = checkpoint?.ToArray() });

    private static JsonElement? Checked(JsonElement? metadata)
    {
        Require(ArtifactRules.Check(metadata, "its outcome"));
        return AgentContent.Copy(metadata);
    }
}
