using System.Text.Json;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Tasks;

/// <summary>
/// What a stream begins with: the task as it stands (A2A 1.0, section 3.1.2). Clients read each event as one line of limited length, so
/// large content is left out or follows in pieces.
/// </summary>
internal static class StreamOpening
{
    /// <summary>How much of the history, and of the artifacts, stands in the task itself, in bytes of JSON: both fit into a line of 32 KB.</summary>
    private const int MaxSize = 12 * 1024;

    /// <summary>The task, then an update for each piece of the artifacts that the task had no room for.</summary>
    public static IReadOnlyList<StreamResponse> Of(A2ATask task, int? historyLength)
    {
        var artifacts = task.Artifacts ?? [];
        var whole = CountThatFit(artifacts, artifact => SizeOf(artifact.Parts, artifact.Metadata));
        var opened = WithHistory(task, historyLength);
        if (whole == artifacts.Count)
            return [new StreamResponse { Task = opened }];
        return
        [
            new StreamResponse { Task = opened with { Artifacts = whole == 0 ? null : [.. artifacts.Take(whole)] } },
            .. artifacts.Skip(whole)
                .SelectMany(artifact => ArtifactPieces.Cut(new ArtifactUpdated { Artifact = artifact }))
                .Select(piece => new StreamResponse
                {
                    ArtifactUpdate = new TaskArtifactUpdateEvent { TaskId = task.Id, ContextId = task.ContextId!, Artifact = piece.Artifact, Append = piece.Append },
                }),
        ];
    }

    /// <summary>The task with the history that the client asked for; where it did not ask, with the newest messages that fit.</summary>
    public static A2ATask WithHistory(A2ATask task, int? historyLength)
    {
        if (historyLength is not null || task.History is not { } history)
            return Views.WithHistory(task, historyLength);
        var newestFirst = history.Reverse().ToList();
        return Views.WithHistory(task, CountThatFit(newestFirst, message => SizeOf(message.Parts, message.Metadata)));
    }

    private static int CountThatFit<T>(IReadOnlyList<T> items, Func<T, long> size)
    {
        var room = (long)MaxSize;
        var count = 0;
        while (count < items.Count && (room -= size(items[count])) >= 0)
            count++;
        return count;
    }

    private static long SizeOf(IReadOnlyList<Part> parts, JsonElement? metadata) => parts.Sum(ArtifactPieces.SizeOf) + ContentSize.Of(metadata);
}
