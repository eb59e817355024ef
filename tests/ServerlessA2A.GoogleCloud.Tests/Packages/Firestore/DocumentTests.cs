using Google.Cloud.Firestore;
using Google.Protobuf;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

public class DocumentTests : FirestoreTest
{
    [SkippableFact]
    public async Task ADocumentThatDoesNotExistHasASnapshot()
    {
        var snapshot = await Tasks.Document("missing").GetSnapshotAsync();

        Assert.False(snapshot.Exists);
        Assert.Equal("missing", snapshot.Id);
        Assert.Null(snapshot.CreateTime);
        Assert.Null(snapshot.UpdateTime);
        Assert.Null(snapshot.ToDictionary());
        Assert.False(snapshot.ContainsField("field"));
        Assert.False(snapshot.TryGetValue<string>("field", out _));
        Assert.NotEqual(default, snapshot.ReadTime);
    }

    [SkippableFact]
    public async Task ACreatedDocumentIsReadBackWithItsTimes()
    {
        var created = await Tasks.Document("one").CreateAsync(Fields(("state", "working"), ("attempts", 1)));

        var snapshot = await Tasks.Document("one").GetSnapshotAsync();

        Assert.True(snapshot.Exists);
        Assert.Equal(created.UpdateTime, snapshot.UpdateTime);
        Assert.Equal(created.UpdateTime, snapshot.CreateTime);
        Assert.True(snapshot.ReadTime >= created.UpdateTime);
        Assert.Equal("working", snapshot.GetValue<string>("state"));
        Assert.Equal(1, snapshot.GetValue<int>("attempts"));
        Assert.Equal(Tasks.Document("one"), snapshot.Reference);
        Assert.Same(Database, snapshot.Database);
    }

    [SkippableFact]
    public async Task SettingReplacesAndMergingKeeps()
    {
        var document = Tasks.Document("one");
        await ThroughAsync(document.SetAsync(Fields(("a", 1), ("map", Fields(("x", 1), ("y", 2))))));

        await ThroughAsync(document.SetAsync(Fields(("b", 2), ("map", Fields(("x", 3), ("y", FieldValue.Delete)))), SetOptions.MergeAll));
        var merged = await document.GetSnapshotAsync();
        await ThroughAsync(document.SetAsync(Fields(("c", 3)), SetOptions.Overwrite));
        var replaced = await document.GetSnapshotAsync();

        Assert.Equal(Fields(("a", 1L), ("b", 2L), ("map", Fields(("x", 3L)))), merged.ToDictionary());
        Assert.Equal(Fields(("c", 3L)), replaced.ToDictionary());
    }

    [SkippableFact]
    public async Task AnUpdateChangesItsFieldsOnly()
    {
        var document = Tasks.Document("one");
        await ThroughAsync(document.SetAsync(Fields(("a", 1), ("map", Fields(("x", 1), ("y", 2))), ("gone", true))));

        await ThroughAsync(document.UpdateAsync(Fields(("map.x", 10), ("a", null), ("gone", FieldValue.Delete), ("new", "n"))));
        await ThroughAsync(document.UpdateAsync("map.y", 20));
        await ThroughAsync(document.UpdateAsync(new Dictionary<FieldPath, object> { [new("with.dot", "inner")] = 1 }));

        var snapshot = await document.GetSnapshotAsync();
        Assert.Equal(
            Fields(("a", null), ("map", Fields(("x", 10L), ("y", 20L))), ("new", "n"), ("with.dot", Fields(("inner", 1L)))),
            snapshot.ToDictionary());
        Assert.True(snapshot.ContainsField("a"));
        Assert.False(snapshot.ContainsField("gone"));
        Assert.Equal(1, snapshot.GetValue<int>(new FieldPath("with.dot", "inner")));
    }

    [SkippableFact]
    public async Task TheServerWorksOutTransforms()
    {
        var document = Tasks.Document("one");
        await ThroughAsync(document.CreateAsync(Fields(("count", 1), ("tags", new[] { "a" }), ("at", FieldValue.ServerTimestamp))));

        var updated = await document.UpdateAsync(Fields(
            ("count", FieldValue.Increment(2)),
            ("half", FieldValue.Increment(0.5)),
            ("tags", FieldValue.ArrayUnion("a", "b")),
            ("at", FieldValue.ServerTimestamp),
            ("nested", Fields(("at", FieldValue.ServerTimestamp), ("kept", 1)))));
        var snapshot = await document.GetSnapshotAsync();
        await ThroughAsync(document.UpdateAsync("tags", FieldValue.ArrayRemove("a")));
        var removed = await document.GetSnapshotAsync();

        Assert.Equal(3, snapshot.GetValue<long>("count"));
        Assert.Equal(0.5, snapshot.GetValue<double>("half"));
        Assert.Equal(["a", "b"], snapshot.GetValue<string[]>("tags"));
        Assert.Equal(updated.UpdateTime, snapshot.UpdateTime);
        Assert.Equal(snapshot.GetValue<Timestamp>("at"), snapshot.GetValue<Timestamp>("nested.at"));
        Assert.Equal(1, snapshot.GetValue<int>("nested.kept"));
        Assert.Equal(["b"], removed.GetValue<List<string>>("tags"));
    }

    [SkippableFact]
    public async Task ADeletedDocumentIsGoneAndDeletingItAgainIsNoError()
    {
        var document = Tasks.Document("one");
        await ThroughAsync(document.CreateAsync(Fields(("a", 1))));

        await ThroughAsync(document.DeleteAsync());
        await ThroughAsync(document.DeleteAsync());

        Assert.False((await document.GetSnapshotAsync()).Exists);
    }

    [SkippableFact]
    public async Task ValuesAreReadAsTheTypeThatIsAskedFor()
    {
        var time = new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);
        await ThroughAsync(Tasks.Document("one").SetAsync(Fields(
            ("number", 5), ("time", time), ("bytes", new byte[] { 1, 2 }), ("null", null), ("text", "t"),
            ("list", new[] { 1, 2 }), ("map", Fields(("a", "b"))), ("link", Tasks.Document("two")))));

        var snapshot = await Tasks.Document("one").GetSnapshotAsync();

        Assert.Equal((5, 5L, 5.0, (byte)5, (long?)5), (snapshot.GetValue<int>("number"), snapshot.GetValue<long>("number"),
            snapshot.GetValue<double>("number"), snapshot.GetValue<byte>("number"), snapshot.GetValue<long?>("number")));
        Assert.Equal((time, time.UtcDateTime, Timestamp.FromDateTimeOffset(time)), (snapshot.GetValue<DateTimeOffset>("time"),
            snapshot.GetValue<DateTime>("time"), snapshot.GetValue<Timestamp>("time")));
        Assert.Equal([1, 2], snapshot.GetValue<byte[]>("bytes"));
        Assert.Equal(ByteString.CopyFrom(1, 2), snapshot.GetValue<Blob>("bytes").ByteString);
        Assert.Null(snapshot.GetValue<string>("null"));
        Assert.Null(snapshot.GetValue<int?>("null"));
        Assert.Equal([1, 2], snapshot.GetValue<int[]>("list"));
        Assert.Equal([1L, 2L], snapshot.GetValue<List<long>>("list"));
        Assert.Equal("b", snapshot.GetValue<Dictionary<string, string>>("map")["a"]);
        Assert.Equal("b", snapshot.GetValue<IDictionary<string, object>>("map")["a"]);
        Assert.Equal(Tasks.Document("two"), snapshot.GetValue<DocumentReference>("link"));
        Assert.Throws<ArgumentException>(() => snapshot.GetValue<int>("text"));
        Assert.Throws<ArgumentException>(() => snapshot.GetValue<string>("number"));
        Assert.Throws<InvalidOperationException>(() => snapshot.GetValue<string>("absent"));
    }

    [SkippableFact]
    public async Task ManyDocumentsAreReadAtOnceInTheOrderAskedFor()
    {
        await ThroughAsync(Tasks.Document("a").SetAsync(Fields(("n", 1))));
        await ThroughAsync(Tasks.Document("c").SetAsync(Fields(("n", 3))));

        var snapshots = await Database.GetAllSnapshotsAsync(
            [Tasks.Document("c"), Tasks.Document("b"), Tasks.Document("a"), Tasks.Document("c")]);

        Assert.Equal(["c", "b", "a", "c"], snapshots.Select(snapshot => snapshot.Id));
        Assert.Equal([true, false, true, true], snapshots.Select(snapshot => snapshot.Exists));
    }

    [SkippableFact]
    public async Task AMaskLeavesTheOtherFieldsOut()
    {
        await ThroughAsync(Tasks.Document("a").SetAsync(Fields(("n", 1), ("map", Fields(("x", 2), ("y", 3))))));

        var snapshot = Assert.Single(await Database.GetAllSnapshotsAsync([Tasks.Document("a")], new FieldMask("map.x")));

        Assert.False(snapshot.ContainsField("n"));
        Assert.Equal(2, snapshot.GetValue<int>("map.x"));
        Assert.False(snapshot.ContainsField("map.y"));
    }

    [SkippableFact]
    public void PathsNameDocumentsAndCollections()
    {
        var log = Database.Document("tasks/one").Collection("log");

        Assert.Equal($"projects/{Database.ProjectId}/databases/(default)/documents/tasks/one/log/1", log.Document("1").Path);
        Assert.Equal(Database.Collection("tasks/one/log").Document("1"), log.Document("1"));
        Assert.Equal("one", log.Parent.Id);
        Assert.Equal("log", log.Id);
        Assert.Null(Tasks.Parent);
        Assert.NotEqual(log.Document().Id, log.Document().Id);
        Assert.Equal(20, log.Document().Id.Length);
        Assert.Throws<ArgumentException>(() => Database.Document("tasks"));
        Assert.Throws<ArgumentException>(() => Database.Collection("tasks/one"));
        Assert.Throws<ArgumentException>(() => Database.Collection("tasks//log"));
    }

    [SkippableTheory]
    [InlineData("spaces and ünïcödé")]
    [InlineData("a:b%2Fc?d#e+f&g=h")]
    [InlineData("~!@$^*()[]{}|;',")]
    public async Task AnIdMayBeAnythingWithoutASlash(string id)
    {
        await ThroughAsync(Tasks.Document(id).Collection("log").Document(id).SetAsync(Fields(("a", 1))));

        Assert.True((await Tasks.Document(id).Collection("log").Document(id).GetSnapshotAsync()).Exists);
        Assert.Equal(id, Assert.Single(await Tasks.Document(id).Collection("log").GetSnapshotAsync()).Id);
    }

    [SkippableFact]
    public async Task ADocumentOfNearlyAMebibyteSurvivesWhole()
    {
        var bytes = new byte[1_000_000];
        new Random(1).NextBytes(bytes);

        await ThroughAsync(Tasks.Document("big").CreateAsync(Fields(("bytes", bytes))));

        Assert.Equal(bytes, (await Tasks.Document("big").GetSnapshotAsync()).GetValue<byte[]>("bytes"));
    }

    [SkippableFact]
    public async Task ADocumentThatIsTooLargeIsRefused()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => Tasks.Document("big").CreateAsync(Fields(("bytes", new byte[1_048_600]))));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.False((await Tasks.Document("big").GetSnapshotAsync()).Exists);
    }

    [SkippableFact]
    public async Task AddingMakesUpAnId()
    {
        var document = await Tasks.AddAsync(Fields(("a", 1)));

        Assert.True((await document.GetSnapshotAsync()).Exists);
    }
}
