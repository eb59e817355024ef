using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Stored;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Tests.Tasks.Log;

namespace ServerlessA2A.Tests.Tasks;

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
        var task = TaskLogs.Begin(log);
        AssertComesBack();
        foreach (var entry in log.Skip(1))
        {
            task = TaskFold.Apply(task, entry);
            AssertComesBack();
        }

        void AssertComesBack() => Assert.Equal(
            Describe.Snapshot(task),
            Describe.Snapshot(
            SnapshotJson.Read(SnapshotJson.Write(task), first, task.Owner, task.Seq,
            task.Lease) with
            { AddedMessages = task.AddedMessages }));
    });

    [Fact]
    public void WhatIsReadCanBeGoneOnFromAndStoredAgain() => Holds(log =>
    {
        var first = ((MessageReceived)log[0].Events[0]).Message;
        var task = TaskLogs.Begin(log);
        foreach (var entry in log.Skip(1))
        {
            task = TaskFold.Apply(task, entry);
            task = SnapshotJson.Read(
                SnapshotJson.Write(task), first, task.Owner, task.Seq, task.Lease) with
            { AddedMessages = task.AddedMessages };
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

    [Fact]
    public void WhatWasStoredBeforeMessagesCouldBeAddedIsReadAsHavingNone()
    {
        var log = EventsJson.Read("""[{"checkpoint":{"data":"AQ=="}},{"status":{"state":"TASK_STATE_INPUT_REQUIRED"}}]"""u8.ToArray());
        var first = new ServerlessA2A.Protocol.Messages.Message
        {
            MessageId = "m",
            Role = ServerlessA2A.Protocol.Messages.Role.User,
            Parts = []
        };
        var stored = """
            {"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_WORKING"}},"request":0,"attempts":1,"createdAt":"2026-01-01T00:00:00+00:00",
            "requestedAt":"2026-01-01T00:00:00+00:00","changedAt":"2026-01-01T00:00:00+00:00","retention":1}
            """u8.ToArray();

        Assert.Equal((0, 0), (((CheckpointSaved)log[0]).Taken, ((StatusChanged)log[1]).Taken));
        Assert.Empty(SnapshotJson.Read(stored, first, "o", 1, lease: null).Pending);
    }

    [Fact]
    public void WhatWasStoredBeforeSendersWereIsReadAsHavingNone()
    {
        var log = EventsJson.Read("""
            [{"received":{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"a"}]}}},{"added":{"message":{"messageId":"n","role":"ROLE_USER","parts":[{"text":"b"}]}}}]
            """u8.ToArray());
        var (received, added) = ((MessageReceived)log[0], (MessageAdded)log[1]);
        var stored = """
            {"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_WORKING"},"history":[{"messageId":"n","role":"ROLE_USER","parts":[{"text":"b"}]}]},"request":0,
            "pending":[{"message":1}],"attempts":1,"createdAt":"2026-01-01T00:00:00+00:00","requestedAt":"2026-01-01T00:00:00+00:00",
            "changedAt":"2026-01-01T00:00:00+00:00","retention":1}
            """u8.ToArray();
        var task = SnapshotJson.Read(stored, received.Message, "4:acme:7:api-key:alice", 1, lease: null);

        Assert.Equal((null, null, null, null), (received.Sender, added.Sender, task.Sender, Assert.Single(task.Pending).Sender));
        Assert.All([received.Extensions, added.Extensions, task.Extensions, task.Pending[0].Extensions], Assert.Empty);
    }

    private static void Holds(Action<IReadOnlyList<LogEntry>> property) =>
        Prop.ForAll(TaskLogs.Any.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
}
