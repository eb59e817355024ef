using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>How a run ends.</summary>
/// <param name="Event">The agent's outcome, or the hand-over.</param>
/// <param name="IfUnread">
/// What follows a completion when a message is pending that the agent has not read; null for any other outcome.
/// </param>
internal sealed record RunOutcome(TaskEvent Event, RequestAdvanced? IfUnread = null)
{
    /// <summary>
    /// The events that end the run of a task in this state. A completion that does not end the task, and a question that does not interrupt
    /// it, become status updates.
    /// </summary>
    /// <param name="task">The task, as far as this writer has read it.</param>
    /// <param name="mayReply">Whether a message instead of the task still reaches the client.</param>
    /// <param name="isChanged">Whether another writer has changed the task during the run.</param>
    public IReadOnlyList<TaskEvent> EventsFor(TaskSnapshot task, bool mayReply, bool isChanged)
    {
        // The change may be the one that the agent waits for. The next run reads it.
        if (isChanged && Event is CheckpointSaved { SleepUntil: not null } sleep)
            return [sleep with { SleepUntil = null }];
        var outcome = Event is Replied { Message: var reply } && !mayReply
            ? new StatusChanged { State = TaskState.Completed, Message = reply with { TaskId = task.Id } }
            : Event;
        // A client's message that crosses with a question is no answer to it. A callback needs none: it is why the agent asked.
        if (outcome is StatusChanged question && question.State.IsInterrupted() &&
            task.Pending.Skip(question.Taken).Any(added => CallbackMessages.StateOf(added.Message) is not null))
            return [question with { State = TaskState.Working }, new RequestAdvanced { Taken = 0, Checkpoint = task.Checkpoint }];
        if (IfUnread is null || task.Pending.Count <= IfUnread.Taken)
            return [outcome];
        var update = (StatusChanged)outcome with { State = TaskState.Working };
        return update is { Message: null, Metadata: null } ? [IfUnread] : [update, IfUnread];
    }
}
