using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>
/// Translates a task's log into stream items. Any instance can stream any task from the log, so all streams of a task have the same events
/// in the same order (A2A 1.0, section 3.1.6).
/// </summary>
internal sealed class TaskStreams(ITaskStore store)
{
    /// <summary>
    /// The task as it is (<see cref="StreamOpening"/>), then each event that follows. Ends with a terminal state, when <paramref
    /// name="cancellationToken"/> is
    /// cancelled and, where <paramref name="endsAtQuestion"/>, with INPUT_REQUIRED: the client has to answer then.
    /// </summary>
    public async IAsyncEnumerable<StreamItem> OpenAsync(
        TaskSnapshot task, int? historyLength, bool endsAtQuestion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isOver = IsEnd(task.State, endsAtQuestion);
        var opening = StreamOpening.Of(task.Task, historyLength, isOver);
        for (var i = 0; i < opening.Count; i++)
        {
            var isLast = i == opening.Count - 1;
            yield return new StreamItem(isLast ? task.Seq : null, opening[i], isLast && isOver) { Reply = task.Reply };
        }

        if (isOver)
            yield break;
        await foreach (var item in ResumeAsync(task, task.Seq, historyLength, endsAtQuestion, cancellationToken))
            yield return item;
    }

    /// <summary>The events after number <paramref name="after"/>, for a client that has all before it.</summary>
    public async IAsyncEnumerable<StreamItem> ResumeAsync(
        TaskSnapshot task,
        long after,
        int? historyLength,
        bool endsAtQuestion,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in store.WatchAsync(task.Id, after, cancellationToken))
        {
            for (var i = 0; i < entry.Events.Count; i++)
            {
                var number = entry.First + i;
                if (number <= after || ToResponse(task.Id, task.Task.ContextId!, number, entry.At, entry.Events[i]) is not { } response)
                    continue;
                // A question that was answered since does not end a replay: only the newest status of the log can.
                var isOver = response.StatusUpdate is { } update && IsEnd(update.Status.State, endsAtQuestion) &&
                    (update.Status.State.IsTerminal() || number >= task.Seq);
                if (response.Task is { } made)
                    response = new StreamResponse { Task = StreamOpening.WithHistory(made, historyLength) };
                yield return new StreamItem(number, response, isOver) { Reply = (entry.Events[i] as Replied)?.Message };
                if (isOver)
                    yield break;
            }
        }
    }

    /// <summary>A source that is cancelled with either token; null where the second one cannot be cancelled.</summary>
    public static CancellationTokenSource? Link(CancellationToken timeUp, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(timeUp, cancellationToken) : null;

    private static bool IsEnd(TaskState state, bool endsAtQuestion) =>
        state.IsTerminal() || (endsAtQuestion && state == TaskState.InputRequired);

    /// <summary>The stream item of an event; null for events that only workers need.</summary>
    internal static StreamResponse? ToResponse(
        string taskId, string contextId, long number, DateTimeOffset at, TaskEvent taskEvent) => taskEvent switch
        {
            MessageReceived received when number == 1 => new StreamResponse
            {
                Task = TaskFold.Begin(owner: "", TimeSpan.Zero, new LogEntry(number, at, [received])).Task,
            },
            MessageReceived => Status(taskId, contextId, TaskState.Submitted, null, null, at),
            RunStarted { FromSubmitted: true } => Status(taskId, contextId, TaskState.Working, null, null, at),
            StatusChanged changed => Status(taskId, contextId, changed.State, changed.Message, changed.Metadata, at),
            Replied replied => Status(taskId, contextId, TaskState.Completed, replied.Message with { TaskId = taskId }, null, at),
            ArtifactUpdated updated => new StreamResponse
            {
                ArtifactUpdate = new TaskArtifactUpdateEvent
                {
                    TaskId = taskId,
                    ContextId = contextId,
                    Artifact = updated.Artifact,
                    Append = updated.Append,
                    LastChunk = updated.LastChunk,
                    Metadata = updated.Metadata,
                },
            },
            _ => null,
        };

    private static StreamResponse Status(
        string taskId, string contextId, TaskState state, Message? message, JsonElement? metadata, DateTimeOffset at) => new()
        {
            StatusUpdate = new TaskStatusUpdateEvent
            {
                TaskId = taskId,
                ContextId = contextId,
                Status = new A2ATaskStatus { State = state, Message = message, Timestamp = at },
                Metadata = metadata,
            },
        };
}
