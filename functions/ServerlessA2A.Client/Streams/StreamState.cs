using ServerlessA2A.Client.Transports;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Client.Streams;

/// <summary>
/// Joins the connections of one stream: passes on each event once. An agent that numbers its events continues after the last one. Any other
/// sends the task as it is, and what of it is new is worked out.
/// </summary>
internal sealed class StreamState
{
    private SeenTask? _seen;

    /// <summary>The task as a new connection describes it, until that includes everything seen.</summary>
    private SeenTask? _catchingUp;
    private bool _isNewConnection;
    private bool _wasResent;

    /// <summary>Whether the agent gives ids, but begins anew when it gets the last one back.</summary>
    private bool _ignoresIds;

    /// <summary>The last event's id; null before the first one, and where the agent gives none.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>The task; null until it is known.</summary>
    public string? TaskId => _seen?.Id;

    /// <summary>The newest state that was passed on.</summary>
    public TaskState State => _seen?.Status.State ?? TaskState.Unspecified;

    /// <summary>Whether the agent answered with a message, which is the whole stream.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>A connection follows.</summary>
    public void Reconnect() => (_isNewConnection, _catchingUp) = (_seen is not null, null);

    /// <summary>Forgets the last event's id, which the agent did not accept.</summary>
    public void ForgetLastEvent() => LastEventId = null;

    /// <summary>
    /// Whether the task has to be read to know what an event adds to it. After an interruption an agent without numbers may begin with what
    /// happens next, and leave out what happened meanwhile; or it may begin with the task, and repeat what is in it already. At the end at
    /// the latest this is set right.
    /// </summary>
    /// <param name="next">The event.</param>
    /// <param name="isSubscription">Whether the first connection is a subscription, which may leave out the beginning.</param>
    public bool NeedsTask(StreamEvent next, bool isSubscription)
    {
        if ((next.Id is not null && !_ignoresIds) || LastEventId is not null || next.Item is not { Task: null, Message: null })
            return false;
        if (_seen is null || _isNewConnection) return _seen is not null || isSubscription;
        if (next.Item.StatusUpdate is not { Status.State: var state }) return false;
        return _catchingUp is not null ? state.IsTerminalOrInterrupted() : (_wasResent || isSubscription) && state.IsTerminal();
    }

    /// <summary>
    /// Whether the task asks for something, but seems not to be whole yet. It may as well be whole, with an artifact that has become
    /// shorter: reading it tells, and no other event may come before the answer.
    /// </summary>
    public bool HidesQuestion => _catchingUp?.Status.State.IsInterrupted() == true;

    /// <summary>Whether a task that was read is from before a status.</summary>
    public static bool IsBehind(A2ATask task, A2ATaskStatus status) =>
        status.State.IsTerminal() ? !task.Status.State.IsTerminal() : status.Timestamp > task.Status.Timestamp;

    /// <summary>The new events in an event.</summary>
    public IReadOnlyList<StreamResponse> Take(StreamEvent next)
    {
        var item = next.Item;
        // Agents with numbers continue; they never begin anew.
        _ignoresIds |= _isNewConnection && LastEventId is not null && item.Task is not null;
        if (_ignoresIds) next = next with { Id = null };
        LastEventId = _ignoresIds ? null : next.Id ?? LastEventId;
        if (item.Message is not null)
        {
            IsAnswered = true;
            return [item];
        }

        var isFirst = _isNewConnection;
        _isNewConnection = false;
        if (item.Task is { } task)
        {
            // A task in the middle of a stream is its sum.
            if (_seen is null || isFirst || _catchingUp is not null || next.Id is null) return Take(task, isWhole: false);
            _seen = new(task);
            return [item];
        }

        if (_catchingUp is not null)
        {
            _catchingUp.Apply(item);
            return CatchUp(isWhole: false);
        }

        // An agent that begins without the task: the event is all there is to know of it.
        if (_seen is null && Begin(item) is { } begun) _seen = new(begun);
        else if (_wasResent && next.Id is null && item.StatusUpdate is { } repeated && _seen!.HasSeen(repeated.Status)) return [];
        else _seen!.Apply(item);
        return [item];
    }

    /// <summary>The new events in a task that was read.</summary>
    public IReadOnlyList<StreamResponse> Take(A2ATask task) => Take(task, isWhole: true);

    /// <summary>
    /// What a connection began with is to be followed by the rest of a task that was read meanwhile: that is nothing new until all of it is
    /// here.
    /// </summary>
    public void SkipRestOf(A2ATask opening)
    {
        _catchingUp = new(opening with { Status = _seen!.Status });
        CatchUp(isWhole: false);
    }

    private IReadOnlyList<StreamResponse> Take(A2ATask task, bool isWhole)
    {
        _isNewConnection = false;
        if (_seen is null)
        {
            _seen = new(task);
            return [new() { Task = task }];
        }

        _catchingUp = new(task);
        return CatchUp(isWhole);
    }

    private IReadOnlyList<StreamResponse> CatchUp(bool isWhole)
    {
        if (_catchingUp!.Since(_seen!, isWhole) is not { } events) return [];
        (_seen, _catchingUp, _wasResent) = (_catchingUp, null, true);
        return events;
    }

    private static A2ATask? Begin(StreamResponse item) => item switch
    {
        { StatusUpdate: { } update } => new() { Id = update.TaskId, ContextId = update.ContextId, Status = update.Status },
        { ArtifactUpdate: { } update } => new()
        {
            Id = update.TaskId,
            ContextId = update.ContextId,
            Status = new() { State = TaskState.Working },
            Artifacts = [update.Artifact],
        },
        _ => null,
    };
}
