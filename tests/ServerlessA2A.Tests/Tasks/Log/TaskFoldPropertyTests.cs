using FsCheck;
using FsCheck.Fluent;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Log;

/// <summary>What holds of the fold over every log.</summary>
public class TaskFoldPropertyTests
{
    [Fact]
    public void ASnapshotAndTheRestGiveWhatTheWholeLogGives() => Holds(TaskLogs.Any, log =>
    {
        var whole = Describe.Snapshot(TaskLogs.Fold(log));
        for (var cut = 1; cut <= log.Count; cut++)
        {
            var snapshot = TaskLogs.Fold([.. log.Take(cut)]);
            Assert.Equal(whole, Describe.Snapshot(TaskFold.Apply(snapshot, [.. log.Skip(cut)])));
            // What the snapshot holds already is passed over.
            Assert.Equal(whole, Describe.Snapshot(TaskFold.Apply(snapshot, log)));
        }
    });

    [Fact]
    public void EntryByEntryGivesWhatAllAtOnceGives() => Holds(TaskLogs.Any, log =>
        Assert.Equal(
            Describe.Snapshot(TaskLogs.Fold(log)),
            Describe.Snapshot(log.Skip(1).Aggregate(TaskLogs.Begin(log), TaskFold.Apply))));

    [Fact]
    public void HowEventsAreBundledIntoEntriesOfOneMomentChangesNothing() => Holds(TaskLogs.Any, log =>
    {
        var single = log.SelectMany(entry => entry.Events.Select((one, index) => new LogEntry(entry.First + index, entry.At, [one])))
            .ToList();
        Assert.Equal(Describe.Snapshot(TaskLogs.Fold(log)), Describe.Snapshot(TaskLogs.Fold(single)));
    });

    [Fact]
    public void TheFoldChangesNothingThatItIsGiven() => Holds(TaskLogs.Any, log =>
    {
        var half = TaskLogs.Fold([.. log.Take((log.Count + 1) / 2)]);
        var (before, entries) = (Describe.Snapshot(half), Describe.Entries(log));
        TaskFold.Apply(half, log);
        TaskFold.Apply(half, log);
        Assert.Equal((before, entries), (Describe.Snapshot(half), Describe.Entries(log)));
    });

    [Fact]
    public void TheSnapshotStandsAtTheLastEvent() => Holds(TaskLogs.Any, log =>
        Assert.Equal(log.Sum(entry => entry.Events.Count), TaskLogs.Fold(log).Seq));

    [Fact]
    public void EachAddedMessageIsInTheHistoryAndPendingUntilItIsTakenOrRequested() => Holds(TaskLogs.Any, log =>
    {
        foreach (var task in Enumerable.Range(1, log.Count).Select(count => TaskLogs.Fold([.. log.Take(count)])))
        {
            var events = log.SelectMany(entry => entry.Events).Take((int)task.Seq).ToList();
            var added = events.OfType<MessageAdded>().Select(one => one.Message).ToList();
            Assert.Equal(added.Count, task.AddedMessages);
            Assert.All(added, message => Assert.Single(task.Task.History!, one => ReferenceEquals(one, message)));
            Assert.Contains(task.Task.History!, one => ReferenceEquals(one, task.Request));
            if (events.Exists(one => one is Replied || (one is StatusChanged { State: var state } && state.IsTerminal())))
                continue;
            var taken = events.Sum(one => one switch
            {
                CheckpointSaved saved => saved.Taken,
                RequestAdvanced advanced => advanced.Taken + 1,
                _ => 0,
            });
            Assert.True(added.Skip(taken).SequenceEqual(task.Pending.Select(one => one.Message), ReferenceEqualityComparer.Instance));
        }
    });

    [Fact]
    public void GatheredChunksFoldToWhatTheSingleOnesFoldTo() => Holds(TaskLogs.Chunks, chunks =>
    {
        var gathered = new GatheredArtifacts();
        foreach (var chunk in chunks)
            gathered.Add(chunk);
        var events = gathered.TakeWith(null).Cast<ArtifactUpdated>().ToList();

        Assert.InRange(events.Count, Math.Min(chunks.Count, 1), chunks.Count);
        Assert.Equal(Fold(chunks), Fold(events));
        Assert.True(gathered.IsEmpty);
    });

    [Fact]
    public void ChunksThatAppendToTheSameArtifactAreGatheredIntoOne() => Holds(TaskLogs.Chunks, chunks =>
    {
        var gathered = new GatheredArtifacts();
        foreach (var chunk in chunks)
            gathered.Add(chunk);
        var events = gathered.TakeWith(null).Cast<ArtifactUpdated>().ToList();
        Assert.All(events.Zip(events.Skip(1)), pair =>
            Assert.False(pair.Second.Append && pair.First.Artifact.ArtifactId == pair.Second.Artifact.ArtifactId));
    });

    private static string Fold(IEnumerable<ArtifactUpdated> chunks)
    {
        var artifacts = new ArtifactList(null);
        foreach (var chunk in chunks)
            artifacts.Add(chunk);
        return string.Join('\n', artifacts.ToList().Select(Describe.Json<Artifact>));
    }

    private static void Holds<T>(Gen<T> any, Action<T> fact) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Arb.From(any), fact));
}
