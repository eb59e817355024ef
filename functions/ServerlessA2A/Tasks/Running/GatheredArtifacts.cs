using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>Chunks that are appended together: fewer writes, fewer events, the same content.</summary>
internal sealed class GatheredArtifacts
{
    private readonly List<ArtifactUpdated> _chunks = [];

    /// <summary>The size of the gathered chunks in bytes.</summary>
    public long Size { get; private set; }

    public bool IsEmpty => _chunks.Count == 0;

    public void Add(ArtifactUpdated update)
    {
        Size += ContentSize.Of(update.Artifact);
        _chunks.Add(update);
    }

    /// <summary>Takes the gathered chunks, followed by an event of the same entry.</summary>
    public IReadOnlyList<TaskEvent> TakeWith(TaskEvent? next)
    {
        var events = new List<TaskEvent>();
        for (var i = 0; i < _chunks.Count;)
        {
            var first = i++;
            while (i < _chunks.Count && _chunks[i].Append && _chunks[i].Artifact.ArtifactId == _chunks[first].Artifact.ArtifactId)
                i++;
            events.AddRange(ArtifactPieces.Cut(i == first + 1 ? _chunks[first] : Join(_chunks[first..i])));
        }

        if (next is not null)
            events.Add(next);
        _chunks.Clear();
        Size = 0;
        return events;
    }

    /// <summary>One chunk that folds to the same artifact as all of them.</summary>
    private static ArtifactUpdated Join(List<ArtifactUpdated> chunks)
    {
        var artifacts = new ArtifactList([chunks[0].Artifact]);
        foreach (var chunk in chunks.Skip(1))
            artifacts.Add(chunk);
        return chunks[0] with { Artifact = artifacts.ToList()[0], LastChunk = chunks[^1].LastChunk };
    }
}
