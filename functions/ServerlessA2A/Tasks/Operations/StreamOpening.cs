using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>
/// The first items of a stream: the task as it is (A2A 1.0, section 3.1.2). Clients read each event as one line of limited length, so
/// large content is left out or follows in pieces.
/// </summary>
internal static class StreamOpening
{
    /// <summary>
    /// How much of the history, and of the artifacts, stands in the task itself, in bytes of JSON: both fit into a line of 32 KB.
    /// </summary>
    private const int MaxSize = 12 * 1024;

    /// <summary>The names and the punctuation of a message or an artifact.</summary>
    private const int Frame = 128;

    /// <summary>The task, then an update for each piece of the artifacts that the task had no room for.</summary>
    /// <param name="task">The task.</param>
    /// <param name="historyLength">How much of the history the client wants; null where it did not say.</param>
    /// <param name="isOver">Whether the stream ends with the task's status.</param>
    public static IReadOnlyList<StreamResponse> Of(A2ATask task, int? historyLength, bool isOver)
    {
        var artifacts = task.Artifacts ?? [];
        var whole = CountThatFit(artifacts);
        var opened = WithHistory(task, historyLength);
        if (whole == artifacts.Count)
            return [new StreamResponse { Task = opened }];
        // A client may stop reading at a status that ends the stream: that one comes last, after the artifacts.
        var status = isOver ? task.Status with { State = TaskState.Working, Message = null } : task.Status;
        return
        [
            new StreamResponse { Task = opened with { Status = status, Artifacts = whole == 0 ? null : [.. artifacts.Take(whole)] } },
            .. artifacts.Skip(whole)
                .SelectMany(artifact => ArtifactPieces.Cut(new ArtifactUpdated { Artifact = artifact }))
                .Select(piece => new StreamResponse
                {
                    ArtifactUpdate = new TaskArtifactUpdateEvent
                    {
                        TaskId = task.Id,
                        ContextId = task.ContextId!,
                        Artifact = piece.Artifact,
                        Append = piece.Append,
                    },
                }),
            .. isOver ? [Ending(task)] : Array.Empty<StreamResponse>(),
        ];
    }

    /// <summary>The task with the history that the client asked for; where it did not ask, with the newest messages that fit.</summary>
    public static A2ATask WithHistory(A2ATask task, int? historyLength)
    {
        if (historyLength is not null || task.History is not { } history)
            return Views.WithHistory(task, historyLength);
        var room = (long)MaxSize;
        var count = 0;
        while (count < history.Count && (room -= SizeOf(history[history.Count - 1 - count])) >= 0)
            count++;
        return Views.WithHistory(task, count);
    }

    private static StreamResponse Ending(A2ATask task) =>
        new() { StatusUpdate = new TaskStatusUpdateEvent { TaskId = task.Id, ContextId = task.ContextId!, Status = task.Status } };

    private static int CountThatFit(IReadOnlyList<Artifact> artifacts)
    {
        var room = (long)MaxSize;
        var count = 0;
        while (count < artifacts.Count && (room -= SizeOf(artifacts[count])) >= 0)
            count++;
        return count;
    }

    private static long SizeOf(Message message) =>
        Frame + ArtifactPieces.SizeOf(message.Parts) + ContentSize.Of(message.Metadata) + SizeOf(message.MessageId) +
        SizeOf(message.TaskId) + SizeOf(message.ContextId) + SizeOf(message.Extensions) + SizeOf(message.ReferenceTaskIds);

    private static long SizeOf(Artifact artifact) =>
        Frame + ArtifactPieces.SizeOf(artifact.Parts) + ContentSize.Of(artifact.Metadata) + SizeOf(artifact.ArtifactId) +
        SizeOf(artifact.Name) + SizeOf(artifact.Description) + SizeOf(artifact.Extensions);

    private static long SizeOf(string? text) => ArtifactPieces.SizeOf(text) + 3;

    private static long SizeOf(IReadOnlyList<string>? texts) => texts is null ? 0 : texts.Sum(SizeOf);
}
