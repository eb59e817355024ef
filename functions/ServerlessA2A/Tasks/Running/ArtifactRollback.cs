using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// What takes back all that a run has said of artifacts since it could last be gone on from: the next run goes on from there and says it
/// again, so that no chunk is doubled or missing.
/// </summary>
/// <param name="Dropped">The artifacts that were begun since.</param>
/// <param name="Restored">The others that were touched since, each as it stood.</param>
internal sealed record ArtifactRollback(IReadOnlyList<string> Dropped, IReadOnlyList<ArtifactUpdated> Restored)
{
    /// <summary>Whether there is nothing to take back.</summary>
    public bool IsEmpty => Dropped.Count == 0 && Restored.Count == 0;

    /// <summary>Reads from the task's log, up to the task's number, what is to be taken back.</summary>
    public static async ValueTask<ArtifactRollback> ReadAsync(ITaskStore store, TaskSnapshot task, CancellationToken cancellationToken)
    {
        if (task.Task.Artifacts is not { Count: > 0 })
            return new ArtifactRollback([], []);
        var artifacts = new ArtifactList(null);
        var since = new List<ArtifactUpdated>();
        await foreach (var entry in store.WatchAsync(task.Id, 0, cancellationToken))
        {
            // What begins a run has taken back already what the one before said since.
            if (entry.Events[0] is RunStarted)
                since.Clear();
            else
                Add(entry, artifacts, since);
            if (entry.Last >= task.Seq)
                return From(artifacts.ToList(), since);
        }

        // What follows from a part of the log must not be appended to the whole.
        cancellationToken.ThrowIfCancellationRequested();
        throw new TaskStoreException($"The log of task {task.Id} ended before event {task.Seq}.", isTransient: true);
    }

    /// <summary>The entry with which a run takes the task over.</summary>
    public IReadOnlyList<TaskEvent> With(Lease lease) =>
        [new RunStarted { Lease = lease, FromSubmitted = false, Dropped = Dropped }, .. Restored.SelectMany(ArtifactPieces.Cut)];

    /// <summary>A run can be gone on from its last checkpoint, and from where it was begun for a message of the client.</summary>
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
