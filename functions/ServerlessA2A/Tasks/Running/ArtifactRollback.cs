using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Rolls back what a run added to artifacts since its last checkpoint: the next run starts there and adds it again, so that no chunk is
/// duplicated or missing.
/// </summary>
/// <param name="Dropped">The artifacts that were created since.</param>
/// <param name="Restored">The other artifacts that were changed since, each as it was.</param>
internal sealed record ArtifactRollback(IReadOnlyList<string> Dropped, IReadOnlyList<ArtifactUpdated> Restored)
{
    /// <summary>Whether there is nothing to roll back.</summary>
    public bool IsEmpty => Dropped.Count == 0 && Restored.Count == 0;

    /// <summary>Reads what to roll back from the log, up to its last event that the writer knows.</summary>
    public static async ValueTask<ArtifactRollback> ReadAsync(TaskLog log, CancellationToken cancellationToken)
    {
        var task = log.Snapshot;
        if (task.Task.Artifacts is not { Count: > 0 })
            return new ArtifactRollback([], []);
        var artifacts = new ArtifactList(null);
        var since = new List<ArtifactUpdated>();
        await foreach (var entry in log.WatchAsync(cancellationToken))
        {
            // The start of a run has already rolled back what the run before added.
            if (entry.Events[0] is RunStarted)
                since.Clear();
            else
                Add(entry, artifacts, since);
            if (entry.Last >= task.Seq)
                return From(artifacts.ToList(), since);
        }

        // A rollback of a part of the log must not be appended to the whole log.
        cancellationToken.ThrowIfCancellationRequested();
        throw new TaskStoreException($"The log of task {task.Id} ended before event {task.Seq}.", isTransient: true);
    }

    /// <summary>The entry with which a run takes over the task.</summary>
    public IReadOnlyList<TaskEvent> With(Lease lease) =>
        [new RunStarted { Lease = lease, FromSubmitted = false, Dropped = Dropped }, .. Restored.SelectMany(ArtifactPieces.Cut)];

    /// <summary>The next run can start at a checkpoint, and at a message of the client that started a run.</summary>
    private static void Add(LogEntry entry, ArtifactList artifacts, List<ArtifactUpdated> since)
    {
        foreach (var taskEvent in entry.Events)
        {
            if (taskEvent is ArtifactUpdated updated)
                since.Add(updated);
            if (taskEvent is not (CheckpointSaved or MessageReceived or RequestAdvanced))
                continue;
            since.ForEach(artifacts.Add);
            since.Clear();
        }
    }

    private static ArtifactRollback From(IReadOnlyList<Artifact> artifacts, List<ArtifactUpdated> since)
    {
        var before = artifacts.ToDictionary(artifact => artifact.ArtifactId);
        var touched = since.Select(update => update.Artifact.ArtifactId).Distinct().ToList();
        return new ArtifactRollback(
            touched.FindAll(id => !before.ContainsKey(id)),
            [.. touched.Where(before.ContainsKey).Select(id => new ArtifactUpdated { Artifact = before[id] })]);
    }
}
