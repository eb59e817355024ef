using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tasks.Log;

/// <summary>What ends a run.</summary>
/// <param name="Event">The agent's outcome, or the hand-over.</param>
/// <param name="IfUnseen">What follows a completion when a message is pending that the agent has not taken; null for any other end.</param>
internal sealed record LastWord(TaskEvent Event, RequestAdvanced? IfUnseen = null)
{
    /// <summary>The events that end the run of a task in this state. A completion that does not end the task is a note on its work.</summary>
    /// <param name="task">The task, as far as this writer knows.</param>
    /// <param name="mayReply">Whether a message instead of the task still reaches the client.</param>
    public IReadOnlyList<TaskEvent> EventsFor(TaskSnapshot task, bool mayReply)
    {
        var outcome = Event is Replied { Message: var reply } && !mayReply
            ? new StatusChanged { State = TaskState.Completed, Message = reply with { TaskId = task.Id } }
            : Event;
        if (IfUnseen is null || task.Pending.Count <= IfUnseen.Taken)
            return [outcome];
        var note = (StatusChanged)outcome with { State = TaskState.Working };
        return note is { Message: null, Metadata: null } ? [IfUnseen] : [note, IfUnseen];
    }
}
