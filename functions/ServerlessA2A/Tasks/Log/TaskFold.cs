using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// Folds a log into the state it means. Pure: no clock, no chance, no input changed; a snapshot and the entries after it give what the
/// whole log gives.
/// </summary>
internal static class TaskFold
{
    /// <summary>The state after a task's first entry, which holds the message that made it.</summary>
    public static TaskSnapshot Begin(string owner, TimeSpan retention, LogEntry first)
    {
        var received = (MessageReceived)first.Events[0];
        var message = received.Message;
        return new TaskSnapshot
        {
            Owner = owner,
            Retention = retention,
            CreatedAt = first.At,
            RequestedAt = first.At,
            ChangedAt = first.At,
            Seq = first.Last,
            Request = message,
            AcceptedOutputModes = received.AcceptedOutputModes,
            RequestMetadata = received.RequestMetadata,
            Sender = received.Sender,
            Extensions = received.Extensions,
            ReplyUntil = received.ReplyUntil,
            Task = new A2ATask
            {
                Id = message.TaskId!,
                ContextId = message.ContextId,
                Status = new A2ATaskStatus { State = TaskState.Submitted, Timestamp = first.At },
                History = [message],
            },
        };
    }

    /// <summary>The state after one more entry.</summary>
    public static TaskSnapshot Apply(TaskSnapshot snapshot, LogEntry entry)
    {
        var folding = new Folding(snapshot);
        folding.Add(entry);
        return folding.Finish();
    }

    /// <summary>The state after more entries; those that the snapshot holds already are passed over.</summary>
    public static TaskSnapshot Apply(TaskSnapshot snapshot, IReadOnlyList<LogEntry> entries)
    {
        if (entries.Count == 0)
            return snapshot;
        var folding = new Folding(snapshot);
        foreach (var entry in entries)
        {
            if (entry.First > snapshot.Seq)
                folding.Add(entry);
        }

        return folding.Finish();
    }

    /// <summary>The state on its way from one snapshot to the next: lists are copied once, however many entries come.</summary>
    private sealed class Folding(TaskSnapshot start)
    {
        private TaskSnapshot _state = start;
        private long _seq = start.Seq;
        private DateTimeOffset _changedAt = start.ChangedAt;
        private A2ATaskStatus _status = start.Task.Status;
        private System.Text.Json.JsonElement? _metadata = start.Task.Metadata;
        private List<Message>? _history;
        private ArtifactList? _artifacts;

        public void Add(LogEntry entry)
        {
            if (entry.First != _seq + 1)
                throw new InvalidOperationException($"Task {_state.Id}: entry {entry.First} does not follow event {_seq}.");
            foreach (var taskEvent in entry.Events)
                Add(taskEvent, entry.At);
            (_seq, _changedAt) = (entry.Last, entry.At);
        }

        public TaskSnapshot Finish() => _state with
        {
            Seq = _seq,
            ChangedAt = _changedAt,
            Task = _state.Task with
            {
                Status = _status,
                Metadata = _metadata,
                History = _history ?? _state.Task.History,
                Artifacts = _artifacts is null ? _state.Task.Artifacts : _artifacts.ToList() is { Count: > 0 } artifacts ? artifacts : null,
            },
        };

        private void Add(TaskEvent taskEvent, DateTimeOffset at)
        {
            switch (taskEvent)
            {
                case MessageReceived received:
                    SetStatus(TaskState.Submitted, null, at);
                    History().Add(received.Message);
                    _state = _state with
                    {
                        Request = received.Message,
                        RequestedAt = at,
                        AcceptedOutputModes = received.AcceptedOutputModes,
                        RequestMetadata = received.RequestMetadata,
                        Sender = received.Sender,
                        Extensions = received.Extensions,
                        ReplyUntil = null,
                        Lease = null,
                        SleepUntil = null,
                        Attempts = 0,
                    };
                    break;
                case MessageAdded added:
                    History().Add(added.Message);
                    _state = _state with
                    {
                        Pending = [.. _state.Pending, added],
                        AddedMessages = _state.AddedMessages + 1,
                        ReplyUntil = null,
                        SleepUntil = null,
                    };
                    break;
                case RequestAdvanced advanced:
                    Advance(advanced, at);
                    break;
                case RunStarted started:
                    if (started.FromSubmitted)
                        SetStatus(TaskState.Working, null, at);
                    foreach (var artifactId in started.Dropped)
                        Artifacts().Remove(artifactId);
                    _state = _state with { Lease = started.Lease, SleepUntil = null, Attempts = started.Lease.Attempt };
                    break;
                case StatusChanged changed:
                    SetStatus(changed.State, changed.Message, at);
                    _metadata = JsonObjects.Merge(_metadata, changed.Metadata);
                    _state = _state with
                    {
                        ReplyUntil = null,
                        Pending = changed.State.IsTerminal() ? [] : Untaken(changed.Taken),
                        Lease = changed.State.IsTerminalOrInterrupted() ? null : _state.Lease,
                        SleepUntil = null,
                    };
                    break;
                case Replied replied:
                    SetStatus(TaskState.Completed, replied.Message with { TaskId = _state.Id }, at);
                    _state = _state with { ReplyUntil = null, IsReplied = true, Pending = [], Lease = null };
                    break;
                case ArtifactUpdated updated:
                    Artifacts().Add(updated);
                    if (_state.ReplyUntil is not null)
                        _state = _state with { ReplyUntil = null };
                    break;
                case CheckpointSaved saved:
                    _state = _state with
                    {
                        Checkpoint = saved.Data,
                        Pending = Untaken(saved.Taken),
                        Lease = saved.HandOver ? null : _state.Lease,
                        SleepUntil = saved.SleepUntil,
                        Attempts = saved.HandOver ? 0 : _state.Attempts,
                    };
                    break;
                case Woken:
                    _state = _state with { SleepUntil = null };
                    break;
                default:
                    throw new InvalidOperationException($"Task {_state.Id}: unknown event {taskEvent.GetType().Name}.");
            }
        }

        /// <summary>
        /// The history keeps the order of the conversation: the agent's answer goes before the messages that it had not read.
        /// </summary>
        private void Advance(RequestAdvanced advanced, DateTimeOffset at)
        {
            var pending = Untaken(advanced.Taken);
            if (_status.Message is { } said)
                History().Add(said);
            _status = _status with { Message = null };
            History().RemoveAll(message => pending.Any(added => ReferenceEquals(added.Message, message)));
            History().AddRange(pending.Select(added => added.Message));
            var next = pending[0];
            _state = _state with
            {
                Request = next.Message,
                RequestedAt = at,
                AcceptedOutputModes = next.AcceptedOutputModes,
                RequestMetadata = next.RequestMetadata,
                Sender = next.Sender,
                Extensions = next.Extensions,
                Pending = [.. pending.Skip(1)],
                Checkpoint = advanced.Checkpoint,
                Lease = null,
                Attempts = 0,
            };
        }

        private IReadOnlyList<MessageAdded> Untaken(int taken) => taken == 0 ? _state.Pending : [.. _state.Pending.Skip(taken)];

        /// <summary>The message of the old status becomes history; the message of the new one is the status message.</summary>
        private void SetStatus(TaskState state, Message? message, DateTimeOffset at)
        {
            if (_status.Message is { } said)
                History().Add(said);
            _status = new A2ATaskStatus { State = state, Message = message, Timestamp = at };
        }

        private ArtifactList Artifacts() => _artifacts ??= new ArtifactList(_state.Task.Artifacts);

        private List<Message> History() => _history ??= [.. _state.Task.History ?? []];
    }
}
