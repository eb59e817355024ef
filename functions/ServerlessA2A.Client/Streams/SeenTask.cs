using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Client.Streams;

/// <summary>The task as the events so far describe it.</summary>
internal sealed class SeenTask
{
    private readonly Dictionary<string, (Artifact Artifact, SeenParts Parts)> _artifacts = [];
    private readonly List<string> _order = [];

    public SeenTask(A2ATask task)
    {
        (Id, ContextId, Status) = (task.Id, task.ContextId, task.Status);
        foreach (var artifact in task.Artifacts ?? []) Set(artifact);
    }

    public string Id { get; }

    public string? ContextId { get; private set; }

    public A2ATaskStatus Status { get; private set; }

    /// <summary>Takes in an event.</summary>
    public void Apply(StreamResponse item)
    {
        if (item.StatusUpdate is { } status)
        {
            Status = status.Status;
            ContextId ??= status.ContextId;
        }
        else if (item.ArtifactUpdate is { Artifact: { } artifact } update)
        {
            if (update.Append && _artifacts.TryGetValue(artifact.ArtifactId, out var known)) known.Parts.Append(artifact.Parts);
            else Set(artifact);
        }
    }

    /// <summary>
    /// The events that lead from an earlier state of the task to this one; null where this state is behind the earlier one, as the
    /// beginning of a task that is sent in pieces is.
    /// </summary>
    /// <param name="earlier">The earlier state.</param>
    /// <param name="isWhole">Whether this state is all of the task, so that what it lacks is gone. A task that is over is whole.</param>
    public IReadOnlyList<StreamResponse>? Since(SeenTask earlier, bool isWhole)
    {
        var events = new List<StreamResponse>();
        isWhole |= Status.State.IsTerminal();
        var isBehind = false;
        foreach (var id in _order)
        {
            var (artifact, parts) = _artifacts[id];
            if (!earlier._artifacts.TryGetValue(id, out var before))
            {
                events.Add(Update(artifact with { Parts = parts.ToParts() }, append: false));
                continue;
            }

            switch (parts.Compare(before.Parts, out var added))
            {
                case SeenParts.Relation.Longer: events.Add(Update(artifact with { Parts = added }, append: true)); break;
                case SeenParts.Relation.Shorter when !isWhole: isBehind = true; break;
                case SeenParts.Relation.Shorter or SeenParts.Relation.Different:
                    events.Add(Update(artifact with { Parts = parts.ToParts() }, append: false));
                    break;
                default: break;
            }
        }

        isBehind |= earlier._order.Exists(id => !_artifacts.ContainsKey(id));
        if (isBehind && !isWhole) return null;
        if (!IsSame(Status, earlier.Status))
            events.Add(new() { StatusUpdate = new() { TaskId = Id, ContextId = ContextId ?? "", Status = Status } });
        return events;
    }

    /// <summary>Whether a status was seen already. Without a time it cannot be told from another one like it.</summary>
    public bool HasSeen(A2ATaskStatus status) => status.Timestamp is not null && IsSame(Status, status);

    private static bool IsSame(A2ATaskStatus a, A2ATaskStatus b) =>
        a.State == b.State && a.Timestamp == b.Timestamp && a.Message?.MessageId == b.Message?.MessageId;

    private void Set(Artifact artifact)
    {
        if (!_artifacts.ContainsKey(artifact.ArtifactId)) _order.Add(artifact.ArtifactId);
        _artifacts[artifact.ArtifactId] = (artifact, new(artifact.Parts));
    }

    private StreamResponse Update(Artifact artifact, bool append) => new()
    {
        ArtifactUpdate = new() { TaskId = Id, ContextId = ContextId ?? "", Artifact = artifact, Append = append },
    };
}
