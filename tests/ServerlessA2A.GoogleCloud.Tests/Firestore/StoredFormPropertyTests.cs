using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Tests.Tasks;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>What is stored of every log comes back as it was.</summary>
public class StoredFormPropertyTests
{
    [Fact]
    public void EventsComeBack() => Holds(log =>
    {
        foreach (var entry in log)
            Assert.Equal(Describe.Entry(entry), Describe.Entry(entry with { Events = EventsJson.Read(EventsJson.Write(entry.Events)) }));
    });

    [Fact]
    public void SnapshotsComeBack() => Holds(log =>
    {
        var first = ((MessageReceived)log[0].Events[0]).Message;
        for (var count = 1; count <= log.Count; count++)
        {
            var task = TaskLogs.Fold([.. log.Take(count)]);
            var stored = SnapshotJson.Write(task);
            Assert.Equal(Describe.Snapshot(task), Describe.Snapshot(SnapshotJson.Read(stored, first, task.Owner, task.Seq, task.Lease)));
        }
    });

    [Fact]
    public void WhatIsReadCanBeGoneOnFromAndStoredAgain() => Holds(log =>
    {
        var first = ((MessageReceived)log[0].Events[0]).Message;
        var task = TaskLogs.Begin(log);
        foreach (var entry in log.Skip(1))
        {
            task = TaskFold.Apply(task, entry);
            task = SnapshotJson.Read(SnapshotJson.Write(task), first, task.Owner, task.Seq, task.Lease);
        }

        Assert.Equal(Describe.Snapshot(TaskLogs.Fold(log)), Describe.Snapshot(task));
    });

    /// <summary>Until November 2026 a part with metadata or data was stored with an empty <c>raw</c> beside its content.</summary>
    [Theory]
    [InlineData("\"data\":{\"a\":1}")]
    [InlineData("\"text\":\"hi\",\"metadata\":{\"m\":1}")]
    [InlineData("\"url\":\"https://x.example\"")]
    public void AStoredPartWithAnEmptyRawBesideItsContentIsReadWithoutIt(string content)
    {
        var stored = """[{"artifact":{"artifact":{"artifactId":"a","parts":[{"raw":"",CONTENT}]}}}]""".Replace("CONTENT", content, StringComparison.Ordinal);
        var read = Assert.IsType<ArtifactUpdated>(Assert.Single(EventsJson.Read(Encoding.UTF8.GetBytes(stored))));
        Assert.Equal($"{{{content}}}", Encoding.UTF8.GetString(ProtocolJson.Write(Assert.Single(read.Artifact.Parts))));
    }

    private static void Holds(Action<IReadOnlyList<LogEntry>> property) =>
        Prop.ForAll(TaskLogs.Any.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
}
