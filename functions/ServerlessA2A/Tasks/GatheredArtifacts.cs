namespace ServerlessA2A.Tasks;

/// <summary>Chunks that wait to be appended together: fewer writes, fewer events, the same content.</summary>
internal sealed class GatheredArtifacts
{
    private readonly List<TaskEvent> _events = [];

    /// <summary>How much waits, in bytes.</summary>
    public long Size { get; private set; }

    public bool IsEmpty => _events.Count == 0;

    public void Add(ArtifactUpdated update)
    {
        Size += ArtifactSizes.SizeOf(update.Artifact);
        if (update.Append && _events.Count > 0 && _events[^1] is ArtifactUpdated last && last.Artifact.ArtifactId == update.Artifact.ArtifactId)
            _events[^1] = Join(last, update);
        else
            _events.Add(update);
    }

    /// <summary>What waits, with what is to follow it in the same entry. Nothing waits afterwards.</summary>
    public IReadOnlyList<TaskEvent> TakeWith(TaskEvent? next)
    {
        IReadOnlyList<TaskEvent> events = next is null ? [.. _events] : [.. _events, next];
        _events.Clear();
        Size = 0;
        return events;
    }

    /// <summary>One chunk that says what the two say: the fold of it is the fold of both.</summary>
    private static ArtifactUpdated Join(ArtifactUpdated first, ArtifactUpdated second)
    {
        var artifacts = new ArtifactList([first.Artifact]);
        artifacts.Add(second);
        return first with { Artifact = artifacts.ToList()[0], LastChunk = second.LastChunk };
    }
}
